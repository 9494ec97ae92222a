using System.Globalization;
using Footfall.Collect.AccessLog;
using Footfall.Words;
using Spectre.Console;

namespace Footfall.Hosting;

/// <summary>
/// Shows how far an import is and how many lines a second it does: a bar on a terminal, otherwise a line every few seconds. Nothing is shown of
/// an import that is done before that.
/// </summary>
internal sealed class ImportProgress : IProgress<RejectReason>, IAsyncDisposable
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(200), Seldom = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _done = new();
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly string _name;
    private readonly Task _showing;
    private volatile Watched? _watched;
    private volatile string? _waiting;

    /// <param name="name">What is imported.</param>
    public ImportProgress(string name, TextWriter errors)
    {
        _name = name;
        _showing = ReferenceEquals(errors, Console.Error) && Terminal(errors) is { } terminal ? DrawAsync(terminal) : PrintAsync(errors);
    }

    /// <summary>Shows from now on how far some content is read.</summary>
    /// <param name="doing">What is done with its lines.</param>
    public LogFile.Content Watch(LogFile.Content content, string doing)
    {
        _watched = new(content, doing, _time.GetTimestamp());
        return content;
    }

    /// <summary>Told what the import waits for.</summary>
    public void Report(RejectReason value) => _waiting = value == RejectReason.None ? null : "waiting: the journal can't take more at the moment";

    /// <summary>Takes the bar away.</summary>
    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync();
        await _showing;
    }

    private static IAnsiConsole? Terminal(TextWriter errors)
    {
        if (Console.IsErrorRedirected) return null;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(errors) });
        return console.Profile.Capabilities.Ansi ? console : null;
    }

    private Task DrawAsync(IAnsiConsole terminal) => terminal.Progress()
        .AutoClear(true)
        .Columns(new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
        .StartAsync(async context =>
        {
            var task = context.AddTask(_name);
            while (await WaitAsync(Often))
            {
                if (_watched is not { } watched) continue;
                task.Value = watched.Percent;
                task.Description = Markup.Escape(Text(watched));
            }
        });

    private async Task PrintAsync(TextWriter errors)
    {
        while (await WaitAsync(Seldom))
            if (_watched is { } watched) await errors.WriteLineAsync($"{Text(watched)}, {watched.Percent.ToString("0", CultureInfo.InvariantCulture)} %");
    }

    /// <returns>False when the import is done.</returns>
    private async Task<bool> WaitAsync(TimeSpan pause)
    {
        await Task.Delay(pause, _time, _done.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !_done.IsCancellationRequested;
    }

    private string Text(Watched watched)
    {
        var lines = watched.Content.Lines;
        var rate = lines / Math.Max(0.001, _time.GetElapsedTime(watched.Start).TotalSeconds);
        return string.Create(CultureInfo.InvariantCulture, $"{_name}: {lines:N0} {watched.Doing}, {rate:N0} a second{(_waiting is { } waiting ? $", {waiting}" : "")}");
    }

    private sealed record Watched(LogFile.Content Content, string Doing, long Start)
    {
        public double Percent => 100.0 * Content.ReadOnDisk / Math.Max(1, Content.SizeOnDisk);
    }
}
