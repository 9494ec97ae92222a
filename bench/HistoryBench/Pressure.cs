using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace HistoryBench;

/// <summary>
/// Posts 1,000 visits a second to a server, each at its time whether or not the earlier ones have a response, and may run the dashboard's
/// queries meanwhile.
/// </summary>
internal sealed class Pressure(Uri server) : IDisposable
{
    private const int Rate = 1_000;

    private readonly HttpClient _http =
        new(new SocketsHttpHandler { MaxConnectionsPerServer = 256 }) { BaseAddress = server, Timeout = TimeSpan.FromMinutes(2) };
    private readonly ConcurrentBag<double> _posts = [], _questions = [];
    private long _failed;

    /// <param name="seconds">How long; 0 for as long as the history is behind.</param>
    public async Task RunAsync(string name, int seconds, bool ask)
    {
        using var stop = new CancellationTokenSource();
        await PostForAsync(1, CancellationToken.None);
        _posts.Clear();
        var clock = Stopwatch.StartNew();
        var before = await HitsAsync();
        var asking = ask ? AskAsync(stop.Token) : Task.CompletedTask;
        var posting = PostForAsync(seconds == 0 ? int.MaxValue : seconds, stop.Token);
        if (seconds == 0)
        {
            while (await BehindAsync() > Rate)
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, CancellationToken.None);
            await stop.CancelAsync();
        }
        await posting;
        await stop.CancelAsync();
        var (hits, time) = (await HitsAsync() - before, clock.Elapsed.TotalSeconds);
        await asking;
        var posts = _posts.Order().ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {name,-36} POST /stats at {posts.Count / time,5:N0} a second: p50 {At(posts, 0.5):N2} ms, p99 {At(posts, 0.99):N2} ms, " +
            $"{_failed} failed; {hits / time,9:N0} hits a second projected")
            + (_questions.IsEmpty ? ""
                : $"; {_questions.Count} questions, median {At([.. _questions.Order()], 0.5):N0} ms, p95 " +
                    $"{At([.. _questions.Order()], 0.95):N0} ms"));
    }

    public void Dispose() => _http.Dispose();

    private static double At(List<double> sorted, double share) =>
        sorted.Count == 0 ? 0 : sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(sorted.Count * share) - 1)];

    private async Task PostForAsync(int seconds, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var running = new List<Task>();
        for (long sent = 0; clock.Elapsed.TotalSeconds < seconds && !cancellationToken.IsCancellationRequested;)
        {
            for (var due = (long)(clock.Elapsed.TotalSeconds * Rate); sent < due; sent++) running.Add(PostAsync());
            running.RemoveAll(task => task.IsCompleted);
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
        }
        await Task.WhenAll(running);
    }

    private async Task PostAsync()
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            using var answer = await _http.PostAsync("/api/v1/stats?countryCode=us", null);
            if (!answer.IsSuccessStatusCode) Interlocked.Increment(ref _failed);
        }
        catch (HttpRequestException)
        {
            Interlocked.Increment(ref _failed);
        }
        _posts.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var questions = Dashboard.Of(today.AddDays(-29), today, null).Concat(Dashboard.Of(today.AddDays(-29), today, "DE")).ToList();
        for (var i = 0; !cancellationToken.IsCancellationRequested; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using var answer = await _http.PostAsJsonAsync("/api/v1/query", questions[i % questions.Count].Query, CancellationToken.None);
            // The history is being opened.
            if (!answer.IsSuccessStatusCode)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
                continue;
            }
            await answer.Content.ReadAsByteArrayAsync(CancellationToken.None);
            _questions.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }

    private async Task<long> BehindAsync()
    {
        using var health = await JsonDocument.ParseAsync(await _http.GetStreamAsync("/healthz"));
        var history = health.RootElement.GetProperty("history");
        return history.GetProperty("state").GetString() == "ready" ? history.GetProperty("lag_commits").GetInt64() : long.MaxValue;
    }

    private async Task<double> HitsAsync()
    {
        var metrics = await _http.GetStringAsync("/metrics");
        var line = metrics.Split('\n').FirstOrDefault(line => line.StartsWith("footfall_history_hits_total", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
