using Footfall.History;
using Footfall.Tests.History;
using Footfall.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Footfall.Tests.Api.Health;

public sealed class HealthEndpointTests
{
    [Theory]
    [InlineData("/healthz")]
    [InlineData("/api/v1/healthz")]
    public async Task A_server_that_can_commit_is_ready(string path)
    {
        await using var app = FootfallApp.Start();
        using var answer = await app.Http.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("""{"status":"ready","history":{"state":"off","lag_seconds":0,"lag_commits":0}}""",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        using var head = await app.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/metrics")]
    public async Task It_answers_while_a_read_of_the_journal_does_not_end(string path)
    {
        await using var app = FootfallApp.Start(("History:Enabled", "true"));
        await app.VisitAsync("de");
        await app.Http.CaughtUpAsync();
        var source = app.Services.GetRequiredService<IHitSource>();
        var (begun, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        // The projector waits for the same lock.
        var reading = Task.Run(() => source.Read(0, 1, (in _, in _, _, _) =>
        {
            begun.TrySetResult();
            held.Task.Wait(TestContext.Current.CancellationToken);
        }), TestContext.Current.CancellationToken);
        await begun.Task;
        try
        {
            await app.VisitAsync("de");
            var answer = await app.Http.GetStringAsync(path, TestContext.Current.CancellationToken)
                .WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
            Assert.Contains(path == "/healthz" ? "\"lag_commits\":1" : "footfall_history_lag_commits 1", answer, StringComparison.Ordinal);
        }
        finally
        {
            held.SetResult();
            await reading;
        }
        await app.Http.CaughtUpAsync();
    }

    [Fact]
    public async Task A_server_whose_disk_refuses_is_not()
    {
        await using var app =
            FootfallApp.Start(services => services.AddSingleton(FaultyJournal.Journal(member => member == "get_IsReady" ? false : null)));
        using var answer = await app.Http.GetAsync("/healthz", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("NOT_READY",
            (await answer.Content.ReadFromJsonAsync<Dictionary<string, string>>(TestContext.Current.CancellationToken))!["code"]);
        Assert.True(answer.Headers.Contains("Retry-After"));
    }

    [Fact]
    public async Task A_server_that_stops_is_not()
    {
        await using var app = FootfallApp.Start();
        var lifetime = app.Services.GetRequiredService<IHostApplicationLifetime>();
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        // The listener closes only after this handler has returned.
        using var registration = lifetime.ApplicationStopping.Register(() =>
        {
            try
            {
                using var answer = app.Http.Send(new HttpRequestMessage(HttpMethod.Get, "/healthz"), TestContext.Current.CancellationToken);
                using var text = new StreamReader(answer.Content.ReadAsStream(TestContext.Current.CancellationToken));
                told.SetResult($"{(int)answer.StatusCode} {text.ReadToEnd()}");
            }
            catch (HttpRequestException error)
            {
                told.SetException(error);
            }
        });
        lifetime.StopApplication();
        Assert.Contains("503 {\"error\":\"The server is stopping", await told.Task, StringComparison.Ordinal);
    }
}
