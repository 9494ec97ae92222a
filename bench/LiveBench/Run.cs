using System.Globalization;
using System.Diagnostics;
using System.Net;

namespace LiveBench;

/// <summary>Watchers, visits, and what came of them.</summary>
internal sealed class Run(Uri server, int watchers, int visits, int seconds, int? process)
{
    private const string Site = "shop.example";

    private static readonly TimeSpan Mark = TimeSpan.FromSeconds(1);

    private readonly IPEndPoint _server = new(IPAddress.Parse(server.Host), server.Port);
    private readonly Marks _marks = new();

    /// <returns>Whether each watcher got everything, within a second.</returns>
    public async Task<bool> GoAsync()
    {
        using var http = new HttpClient { BaseAddress = server };
        await new Visits(_server, Site).RunAsync(20, 1);
        var before = Memory();
        using var stop = new CancellationTokenSource();
        var all = Enumerable.Range(0, watchers).Select(_ => new Watcher(_marks)).ToArray();
        var ready = 0;
        var running = new List<Task>();
        foreach (var part in all.Chunk(200))
        {
            running.AddRange(part.Select(watcher => watcher.RunAsync(_server, Site, () => Interlocked.Increment(ref ready), stop.Token)));
            await UntilAsync(() => Volatile.Read(ref ready) >= running.Count, "the streams are open");
        }
        var opened = Memory();
        Console.WriteLine(
            $"  {watchers:N0} watchers are " +
                $"open{(before is { } empty && opened is { } full ? $": {(full - empty) / (double)watchers / 1024:N1} KB each " +
                    $"({empty >> 20} MB before, {full >> 20} MB after)" : "")}");

        var load = new Visits(_server, Site);
        var clock = Stopwatch.StartNew();
        var posting = load.RunAsync(visits, seconds);
        var slowest = TimeSpan.Zero;
        while (!posting.IsCompleted)
        {
            _marks.Send();
            var asked = Stopwatch.GetTimestamp();
            using (var answer = await http.PostAsync($"/api/v1/stats?countryCode={Marks.Country}&site={Site}", null))
                answer.EnsureSuccessStatusCode();
            slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, Stopwatch.GetElapsedTime(asked).Ticks));
            await Task.WhenAny(posting, Task.Delay(Mark, TimeProvider.System));
        }
        await posting;
        var time = clock.Elapsed.TotalSeconds;
        await UntilAsync(() =>
            all.All(watcher => !watcher.IsOpen || watcher.Seen == _marks.Count), "every watcher has seen the last visit");
        var loaded = Memory();
        await stop.CancelAsync();
        await Task.WhenAll(running);
        return Tell(all, load, time, slowest, loaded);
    }

    private bool Tell(Watcher[] all, Visits load, double time, TimeSpan slowest, long? memory)
    {
        var longest = all.Select(watcher => watcher.Longest).Order().ToArray();
        var (lost, gaps) = (all.Count(watcher => watcher.Seen != _marks.Count), all.Sum(watcher => watcher.Gaps));
        Console.WriteLine(
            $"  {load.Answered / time:N0} visits a second, {load.Refused} refused; the slowest answer to a marked one took " +
                $"{slowest.TotalMilliseconds:N0} ms");
        Console.WriteLine(
            $"  {all.Sum(watcher => watcher.Messages) / time:N0} messages a second, " +
                $"{all.Average(watcher => watcher.Messages) / time:N1} to each");
        Console.WriteLine(
            $"  longest wait of a watcher, of {_marks.Count} marked visits: median {longest[longest.Length / 2]:N0} ms, p99 " +
                $"{longest[(int)(longest.Length * 0.99)]:N0} ms, largest {longest[^1]:N0} ms (goal: under 1,000)");
        Console.WriteLine(
            $"  watchers that missed something: {lost}; messages out of turn: " +
            $"{gaps}{(memory is { } bytes ? $"; server's memory {bytes >> 20} MB" : "")}");
        return lost == 0 && gaps == 0 && load.Refused == 0 && longest[^1] < 1_000;
    }

    private long? Memory()
    {
        if (process is not { } id) return null;
        var line = File.ReadLines($"/proc/{id}/status").First(line => line.StartsWith("VmRSS", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > TimeSpan.FromMinutes(1)) throw new TimeoutException($"After a minute it isn't so: {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
