using Microsoft.Playwright;

namespace Footfall.Browser;

/// <summary>That nothing is lost and nothing is counted twice, whatever the network does.</summary>
public sealed class DeliveryTests(Chromium chromium) : TrackerTest(chromium)
{
    private const string Events = "**/api/v1/events";

    [Fact]
    public async Task What_happens_offline_is_counted_once_when_the_network_is_back()
    {
        await OpenAsync("/");
        await AllAnsweredAsync();
        await Person.SetOfflineAsync(true);
        await PushAsync("/lamps");
        await PushAsync("/thanks");
        await Page.EvaluateAsync(Purchase);
        await WaitingAsync(3);
        Assert.Equal(1, (await LiveAsync()).PageViews);
        await Person.SetOfflineAsync(false);
        Assert.Equal("/ 1, /lamps 1, /thanks 1", await PagesAsync());
        Assert.Equal("1 2", await OrdersAsync());
    }

    [Fact]
    public async Task What_happens_offline_is_counted_once_by_the_next_page()
    {
        await OpenAsync("/");
        await AllAnsweredAsync();
        // Only the way to the server is closed: the shop has a next page, and the browser does not notice.
        await Person.RouteAsync(Events, route => route.AbortAsync("internetdisconnected"));
        await PushAsync("/thanks");
        await Page.EvaluateAsync(Purchase);
        await WaitingAsync(2);
        await Person.UnrouteAsync(Events);
        await OpenAsync("/later");
        Assert.Equal("/ 1, /later 1, /thanks 1", await PagesAsync());
        Assert.Equal("1 2", await OrdersAsync());
        Assert.Equal(59.9m, (await LiveAsync()).Revenue);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-25 * 60)]
    [InlineData(365 * 24 * 60)]
    public async Task What_is_sent_late_by_a_browser_with_a_wrong_clock_is_counted(int minutes)
    {
        await Person.AddInitScriptAsync($"{{ const now = Date.now; Date.late = 0; Date.now = () => now() + {minutes} * 6e4 + Date.late }}");
        await OpenAsync("/");
        await AllAnsweredAsync();
        await Person.RouteAsync(Events, route => route.AbortAsync("internetdisconnected"));
        await PushAsync("/thanks");
        await Page.EvaluateAsync(Purchase);
        await WaitingAsync(2);
        // Late enough that the time is said.
        await Page.EvaluateAsync("Date.late = 1e4");
        await Person.UnrouteAsync(Events);
        Assert.Equal("/ 1, /thanks 1", await PagesAsync());
        Assert.Equal("1 2", await OrdersAsync());
    }

    [Fact]
    public async Task A_server_that_was_away_gets_all_of_it_once()
    {
        await OpenAsync("/");
        await AllAnsweredAsync();
        await KillAsync();
        await PushAsync("/thanks");
        await Page.EvaluateAsync(Purchase);
        await WaitingAsync(2);
        await StartAsync();
        Assert.Equal("/ 1, /thanks 1", await PagesAsync());
        Assert.Equal("1 2", await OrdersAsync());
    }

    [Fact]
    public async Task An_answer_that_gets_lost_counts_nothing_twice()
    {
        var lost = 0;
        await Person.RouteAsync(Events, async route =>
        {
            if (Interlocked.Increment(ref lost) > 2)
            {
                await route.ContinueAsync();
                return;
            }
            await route.FetchAsync();
            await route.AbortAsync("connectionreset");
        });
        await OpenAsync("/");
        await Page.EvaluateAsync(Purchase);
        await AllAnsweredAsync();
        Assert.True(lost > 2);
        Assert.Equal("/ 1", await PagesAsync());
        Assert.Equal("1 2", await OrdersAsync());
    }

    [Fact]
    public async Task A_busy_server_is_retried_and_a_rejection_is_final()
    {
        var answers = new Queue<int>([503, 429, 400]);
        await Person.RouteAsync(Events, route => answers.TryDequeue(out var status) ? route.FulfillAsync(new()
        {
            Status = status,
            Headers = new Dictionary<string, string> { ["Access-Control-Allow-Origin"] = "*" }
        }) : route.ContinueAsync());
        await OpenAsync("/refused");
        await AllAnsweredAsync();
        Assert.Empty(answers);
        await PushAsync("/counted");
        Assert.Equal("/counted 1", await PagesAsync());
    }

    [Fact]
    public async Task What_was_not_answered_before_the_page_was_left_is_counted_once()
    {
        // Requests hang, and are cut when the page is left.
        await Person.RouteAsync(Events, route => route.Request.PostData is { } body && body.Contains("/hangs", StringComparison.Ordinal)
            && !body.Contains("/next", StringComparison.Ordinal) ? Task.CompletedTask : route.ContinueAsync());
        await OpenAsync("/hangs");
        await WaitingAsync(1);
        await OpenAsync("/next");
        Assert.Equal("/hangs 1, /next 1", await PagesAsync());
    }

    [Fact]
    public async Task The_tracker_may_be_loaded_by_any_page_and_is_kept_for_an_hour()
    {
        foreach (var file in (string[])["/footfall.js", "/footfall-pageviews.js"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, file);
            request.Headers.Add("Accept-Encoding", "br");
            using var answer = await Http.SendAsync(request, Stop);
            Assert.Equal((HttpStatusCode.OK, "text/javascript"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
            Assert.Equal(["br"], answer.Content.Headers.ContentEncoding);
            Assert.Equal("cross-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Resource-Policy")));
            Assert.Equal(TimeSpan.FromHours(1), answer.Headers.CacheControl!.MaxAge);
            Assert.NotNull(answer.Headers.ETag);
        }
    }
}
