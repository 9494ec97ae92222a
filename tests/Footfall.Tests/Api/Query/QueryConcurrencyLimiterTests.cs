using Footfall.History;

namespace Footfall.Tests.Api.Query;

/// <summary>The limits of concurrent queries, queued queries and waiting time.</summary>
public sealed class QueryConcurrencyLimiterTests
{
    private static readonly StatsResult EmptyResult = new([FakeHistory.Row([], 0L)]);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task So_many_run_at_once_and_the_others_wait()
    {
        await using var app = QueryApp.Start(settings: [("Query:MaxConcurrent", "2")]);
        var release = new TaskCompletionSource();
        var (running, most) = (0, 0);
        app.History.OnQuery = async (_, cancellationToken) =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref running));
            await release.Task.WaitAsync(cancellationToken);
            Interlocked.Decrement(ref running);
            return EmptyResult;
        };
        var queries = Enumerable.Range(0, 6).Select(_ => app.QueryWithAsync("\"dimensions\":[]")).ToList();
        // The metric counts a query a moment before the history has it.
        await Eventually.BecomesAsync(async () => Volatile.Read(ref running) == 2 && await MetricAsync(app, "footfall_queries_running") == 2
            && await MetricAsync(app, "footfall_queries_waiting") == 4, "two run, four wait");
        release.SetResult();
        await Task.WhenAll(queries);
        Assert.Equal(2, most);
        // A query is counted after its response is sent.
        await Eventually.BecomesAsync(async () => await MetricAsync(app, "footfall_queries_total{outcome=\"OK\"}") == 6, "all are counted");
        Assert.Equal(0, await MetricAsync(app, "footfall_queries_running"));
        Assert.Equal(6, await MetricAsync(app, "footfall_query_duration_seconds_count"));
    }

    [Fact]
    public async Task One_more_than_may_wait_is_refused()
    {
        await using var app = QueryApp.Start(settings: [("Query:MaxConcurrent", "1"), ("Query:QueueLimit", "1")]);
        var release = new TaskCompletionSource();
        app.History.OnQuery = async (_, cancellationToken) =>
        {
            await release.Task.WaitAsync(cancellationToken);
            return EmptyResult;
        };
        var first = app.QueryWithAsync("\"dimensions\":[]");
        var second = app.QueryWithAsync("\"dimensions\":[]");
        await Eventually.BecomesAsync(async () => await MetricAsync(app, "footfall_queries_waiting") == 1, "one waits");
        using var third = await app.App.Http.PostAsync("/api/v1/query", new StringContent(QueryApp.BuildQuery("\"dimensions\":[]")), Stop);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, third.StatusCode);
        Assert.NotNull(third.Headers.RetryAfter);
        Assert.Contains("QUERY_QUEUE_FULL", await third.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        release.SetResult();
        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task Clients_take_turns_however_many_of_one_wait()
    {
        await using var app = QueryApp.Start(settings: [("Query:MaxConcurrent", "1"), ("TrustedProxies", "127.0.0.1")]);
        using var turns = new SemaphoreSlim(0);
        app.History.OnQuery = async (_, cancellationToken) =>
        {
            await turns.WaitAsync(cancellationToken);
            return EmptyResult;
        };
        List<Task<HttpStatusCode>> queries = [];
        foreach (var (address, site) in ((string, string)[])
            [
                ("192.0.2.1", "dummy.site"), ("192.0.2.1", "dummy.site"), ("192.0.2.1", "dummy.site"), ("192.0.2.2", "berlin.example"),
                ("2001:db8::1", "santiago.example"), ("2001:db8::2", "santiago.example"),
            ])
        {
            queries.Add(SendFromAsync(app, address, site));
            await AreInsideAsync(app, queries.Count);
        }
        turns.Release(queries.Count);
        Assert.All(await Task.WhenAll(queries), status => Assert.Equal(HttpStatusCode.OK, status));
        var first = app.History.Queries.Take(3).Select(question => question.Site.Domain);
        Assert.Equal(["dummy.site", "berlin.example", "santiago.example"], first);
    }

    [Fact]
    public async Task One_client_may_have_half_of_the_queue()
    {
        await using var app = QueryApp.Start(
            settings: [("Query:MaxConcurrent", "1"), ("Query:QueueLimit", "4"), ("TrustedProxies", "127.0.0.1")]);
        var release = new TaskCompletionSource();
        app.History.OnQuery = async (_, cancellationToken) =>
        {
            await release.Task.WaitAsync(cancellationToken);
            return EmptyResult;
        };
        List<Task<HttpStatusCode>> queries = [];
        for (var i = 0; i < 3; i++)
        {
            queries.Add(SendFromAsync(app, "192.0.2.1", "dummy.site"));
            await AreInsideAsync(app, queries.Count);
        }
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await SendFromAsync(app, "192.0.2.1", "dummy.site"));
        queries.Add(SendFromAsync(app, "192.0.2.2", "dummy.site"));
        await Eventually.BecomesAsync(async () => await MetricAsync(app, "footfall_queries_waiting") == 3, "another client's waits");
        release.SetResult();
        Assert.All(await Task.WhenAll(queries), status => Assert.Equal(HttpStatusCode.OK, status));
    }

    [Fact]
    public async Task One_that_takes_too_long_is_stopped_and_makes_room()
    {
        await using var app = QueryApp.Start(settings: [("Query:MaxConcurrent", "1"), ("Query:TimeoutSeconds", "5")]);
        var asked = new TaskCompletionSource();
        var stopped = false;
        app.History.OnQuery = async (_, cancellationToken) =>
        {
            asked.TrySetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
            finally
            {
                stopped = true;
            }
            return EmptyResult;
        };
        var slow = app.SendAsync(QueryApp.BuildQuery("\"dimensions\":[]"));
        await asked.Task.WaitAsync(Stop);
        app.Time.Advance(TimeSpan.FromSeconds(6));
        var (status, body) = await slow;
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "QUERY_TIMEOUT"), (status, (string?)body["code"]));
        Assert.True(stopped);
        app.History.OnQuery = null;
        await app.QueryWithAsync("\"dimensions\":[]");
    }

    [Fact]
    public async Task A_query_that_waits_too_long_is_rejected()
    {
        await using var app = QueryApp.Start(settings: [("Query:MaxConcurrent", "1"), ("Query:TimeoutSeconds", "5")]);
        var release = new TaskCompletionSource();
        app.History.OnQuery = async (_, _) =>
        {
            // A store that ignores cancellation.
            await release.Task;
            return EmptyResult;
        };
        var first = app.SendAsync(QueryApp.BuildQuery("\"dimensions\":[]"));
        await Eventually.BecomesAsync(async () => await MetricAsync(app, "footfall_queries_running") == 1, "one runs");
        var second = app.SendAsync(QueryApp.BuildQuery("\"dimensions\":[]"));
        await Eventually.BecomesAsync(async () => await MetricAsync(app, "footfall_queries_waiting") == 1, "one waits");
        app.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal("QUERY_TIMEOUT", (string?)(await second).Body["code"]);
        release.SetResult();
        await first;
        Assert.Equal(0, await MetricAsync(app, "footfall_queries_waiting"));
    }

    [Fact]
    public async Task It_is_cancelled_when_its_client_goes_away()
    {
        await using var app = QueryApp.Start(settings: [("Query:MaxConcurrent", "1")]);
        var asked = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        app.History.OnQuery = async (_, cancellationToken) =>
        {
            asked.TrySetResult();
            await using var registration = cancellationToken.Register(cancelled.SetResult);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return EmptyResult;
        };
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var query = app.App.Http.PostAsync("/api/v1/query", new StringContent(QueryApp.BuildQuery("\"dimensions\":[]")), leaving.Token);
        await asked.Task.WaitAsync(Stop);
        await leaving.CancelAsync();
        await cancelled.Task.WaitAsync(Stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query);
        app.History.OnQuery = null;
        await app.QueryWithAsync("\"dimensions\":[]");
        await Eventually.BecomesAsync(async () =>
            await MetricAsync(app, "footfall_queries_total{outcome=\"ABANDONED\"}") == 1, "it is counted");
    }

    [Fact]
    public async Task Refusals_are_counted_by_their_code()
    {
        await using var app = QueryApp.Start();
        await app.RejectedAsync("{}");
        Assert.Equal(1, await MetricAsync(app, "footfall_queries_total{outcome=\"INVALID_QUERY\"}"));
    }

    private static Task AreInsideAsync(QueryApp app, int queries) => Eventually.BecomesAsync(
        async () => await MetricAsync(app, "footfall_queries_running") + await MetricAsync(app, "footfall_queries_waiting") == queries,
        "all of them run or wait");

    private static async Task<HttpStatusCode> SendFromAsync(QueryApp app, string address, string site)
    {
        using var content = new StringContent(QueryApp.BuildQuery("\"dimensions\":[]", site));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/query") { Content = content };
        request.Headers.Add("X-Forwarded-For", address);
        using var response = await app.App.Http.SendAsync(request, Stop);
        return response.StatusCode;
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int known;
        while ((known = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, known) != known) { }
    }

    private static async Task<double> MetricAsync(QueryApp app, string name)
    {
        var lines = (await app.App.Http.GetStringAsync("/metrics", Stop)).Split('\n');
        var line = lines.FirstOrDefault(line => line.StartsWith($"{name} ", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line[(name.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
