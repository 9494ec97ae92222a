using System.Collections.Concurrent;
using Footfall.History;
using Footfall.Words;

namespace Footfall.Tests.Query;

/// <summary>Remembers what it was asked, and answers what the test says.</summary>
internal sealed class FakeHistory : IHistory
{
    public ConcurrentQueue<Question> Asked { get; } = [];

    public ConcurrentQueue<FunnelQuestion> AskedFunnels { get; } = [];

    /// <summary>Without one: a row of zeros where there are no dimensions, and no rows otherwise.</summary>
    public Func<Question, CancellationToken, Task<Answer>>? OnAsk { get; set; }

    public Func<FunnelQuestion, FunnelAnswer> OnFunnel { get; set; } = _ => new FunnelAnswer([]);

    public long? FirstHit { get; set; }

    public Question Last => Asked.Last();

    public async Task<Answer> AskAsync(Question question, CancellationToken cancel)
    {
        Asked.Enqueue(question);
        if (OnAsk is { } answer) return await answer(question, cancel);
        return new Answer(question.Dimensions.Count == 0 ? [new AnswerRow([], [.. question.Metrics.Select(_ => (object?)0L)])] : [], 0);
    }

    public Task<FunnelAnswer> AskAsync(FunnelQuestion question, CancellationToken cancel)
    {
        AskedFunnels.Enqueue(question);
        return Task.FromResult(OnFunnel(question));
    }

    public Task<long?> FirstHitAsync(Site site, CancellationToken cancel) => Task.FromResult(FirstHit);

    public Task<IReadOnlyList<DayCount>> CountDaysAsync(int since, long position, CancellationToken cancel) => Task.FromResult<IReadOnlyList<DayCount>>([]);

    /// <summary>Answers every question with the same rows.</summary>
    public void Answers(params AnswerRow[] rows) => Answers(null, rows);

    public void Answers(long? total, params AnswerRow[] rows) => OnAsk = (_, _) => Task.FromResult(new Answer(rows, total));

    public static AnswerRow Row(string[] dimensions, params object?[] metrics) => new(dimensions, metrics);
}
