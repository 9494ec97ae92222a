using Footfall.Common;
using Footfall.History;
using Microsoft.Extensions.Options;

namespace Footfall.Tests.History;

/// <summary>The contract of every history. One suite, run on each implementation.</summary>
public abstract partial class HistoryContract : IAsyncLifetime
{
    /// <summary>Tuesday, an hour past noon in Berlin.</summary>
    private protected static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private IRunningHistory _running = null!;

    protected HistoryContract()
    {
        Options = Microsoft.Extensions.Options.Options.Create(new FootfallOptions
        {
            Sites = [new SiteOptions { Domain = "berlin.example", TimeZone = "Europe/Berlin" },
                new SiteOptions { Domain = "tokyo.example", TimeZone = "Asia/Tokyo", Currency = "JPY" }],
        });
        Sites = new SiteRegistry(Options, TimeProvider.System);
        (Berlin, Tokyo) = (Sites.GetOrAddStored("berlin.example"), Sites.GetOrAddStored("tokyo.example"));
    }

    private protected AdjustableTimeProvider Time { get; } = new(Now);

    private protected FakeJournal Source { get; } = new();

    private protected IOptions<FootfallOptions> Options { get; }

    private protected SiteRegistry Sites { get; }

    private protected Site Berlin { get; }

    private protected Site Tokyo { get; }

    private protected IHistory History => _running.History;

    private protected HistoryStatus Status => _running.Status;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A history that takes hits from <see cref="Source"/>.</summary>
    private protected interface IRunningHistory : IAsyncDisposable
    {
        IHistory History { get; }

        HistoryStatus Status { get; }

        /// <summary>Whether everything that a store does with days that are over is done.</summary>
        Task<bool> IsTidyAsync();
    }

    /// <summary>Opens the store of this test, again with what it has.</summary>
    /// <param name="hitsDays">As <see cref="HistoryOptions.HitsDays"/>.</param>
    /// <param name="folder">Of another store; null for that of the calls before.</param>
    private protected abstract Task<IRunningHistory> OpenAsync(int hitsDays = 0, string? folder = null);

    public async ValueTask InitializeAsync() => _running = await OpenAsync();

    public virtual async ValueTask DisposeAsync() => await _running.DisposeAsync();

    [Fact]
    public async Task Hits_are_counted_by_what_they_are()
    {
        await TakeAsync(Page(Berlin, 1, "/", 0), Page(Berlin, 1, "/a", 1), Page(Berlin, 2, "/a", 2, "FR"),
            new TestHit(Berlin, At(3), HitKind.Visit, Country: "US"), Page(Tokyo, 3, "/b", 4));
        Assert.Equal(["3 3 3 4"], await QueryRowsAsync([Metric.Visits, Metric.Visitors, Metric.Pageviews, Metric.Events]));
        Assert.Equal(["DE 1 2", "FR 1 1", "US 1 0"],
            (await QueryRowsAsync([Metric.Visits, Metric.Pageviews], [DimensionKind.Country])).Order());
        Assert.Equal(["/ 1", "/a 2"], (await QueryRowsAsync([Metric.Pageviews], [DimensionKind.Page], Pages("/", "/a"))).Order());
        Assert.Equal(["1"], await QueryRowsAsync([Metric.Visits], site: Tokyo));
        Assert.Equal(["2026-11-24 3"], await QueryRowsAsync([Metric.Visits], [DimensionKind.Day]));
    }

    [Fact]
    public async Task A_visit_is_what_its_hits_add_up_to()
    {
        await TakeAsync(Page(Berlin, 1, "/in", 0), Page(Berlin, 1, "/out", 10), Page(Berlin, 2, "/in", 0));
        Assert.Equal(["/in 2 50 300 1.5"], await QueryRowsAsync(
            [Metric.Visits, Metric.BounceRate, Metric.VisitDuration, Metric.ViewsPerVisit], [DimensionKind.EntryPage]));
        Assert.Equal(["/in 1", "/out 1"], (await QueryRowsAsync([Metric.Visits], [DimensionKind.ExitPage])).Order());
    }

    [Fact]
    public async Task Hits_are_there_once_whenever_it_is_opened_again()
    {
        await TakeAsync(Page(Berlin, 1, "/", 0));
        await ReopenAsync();
        await TakeAsync(Page(Berlin, 1, "/", 20));
        await ReopenAsync();
        await TakeAsync(Page(Berlin, 2, "/", 30));
        Assert.Equal(["2 2 3 600"], await QueryRowsAsync([Metric.Visits, Metric.Visitors, Metric.Pageviews, Metric.VisitDuration]));
    }

    [Fact]
    public async Task The_journal_hears_how_far_it_is_when_it_is_for_good()
    {
        Assert.Equal(0, Source.ProjectedPosition);
        await TakeAsync(Page(Berlin, 1, "/", 0));
        Assert.Equal(1, Source.ProjectedPosition);
        Source.Fault = new IOException("The disk is gone.");
        Source.Commit(At(1), Page(Berlin, 2, "/", 1));
        await Eventually.BecomesAsync(() => Task.FromResult(Status.GetHealth().State == HistoryState.Failing), "it fails");
        Assert.Equal((1, "The disk is gone.", 1), (Source.ProjectedPosition, Status.GetHealth().Error, Status.GetHealth().LagCommits));
        Source.Fault = null;
        await CaughtUpAsync();
        Assert.Equal(2, Source.ProjectedPosition);
        Assert.Equal(["2"], await QueryRowsAsync([Metric.Visits]));
    }

    [Fact]
    public async Task The_lag_is_the_age_of_the_oldest_hit_that_is_missing()
    {
        Source.Fault = new IOException("Not now.");
        Source.Commit(At(0), Page(Berlin, 1, "/", 0));
        Source.Commit(At(5), Page(Berlin, 1, "/", 5));
        Time.Advance(TimeSpan.FromMinutes(10));
        await Eventually.BecomesAsync(() => Task.FromResult(Status.GetHealth()
            is { State: HistoryState.Failing, LagCommits: 2, LagSeconds: 600 }), "two commits, ten minutes");
        // A clock that was put back is no lag below zero.
        Time.Jump(TimeSpan.FromHours(-3));
        Assert.Equal(0, Status.GetHealth().LagSeconds);
        Source.Fault = null;
        await CaughtUpAsync();
        Assert.Equal(0, Status.GetHealth().LagSeconds);
    }

    [Fact]
    public async Task Hits_of_another_journal_are_added()
    {
        await TakeAsync(Page(Berlin, 1, "/", 0));
        Source.Identity = Guid.NewGuid();
        await ReopenAsync();
        await CaughtUpAsync();
        Assert.Equal(["2"], await QueryRowsAsync([Metric.Pageviews]));
    }

    [Fact]
    public async Task A_page_is_left_from_by_some_of_its_views()
    {
        await TakeAsync(
            Page(Berlin, 1, "/a", -2_000), Page(Berlin, 1, "/b", -1_999), Page(Berlin, 2, "/a", -2_000, "FR"),
            Page(Berlin, 3, "/b", -2_000), Page(Berlin, 3, "/a", -1_999), Page(Berlin, 3, "/b", -1_998),
            Page(Berlin, 3, "/b", -1_997) with { Kind = HitKind.AddToCart });
        await AskedAsync();
        Time.Advance(TimeSpan.FromSeconds(30));
        await TidyAsync();
        await AskedAsync();

        async Task AskedAsync()
        {
            Assert.Equal(["/a 1 33.3", "/b 2 66.7"],
                (await QueryRowsAsync([Metric.Visits, Metric.ExitRate], [DimensionKind.ExitPage])).Order());
            Assert.Equal(["/b 66.7"], await QueryRowsAsync([Metric.ExitRate], [DimensionKind.ExitPage], Is(DimensionKind.ExitPage, "/b")));
            Assert.Equal(["/b 2 66.7"],
                await QueryRowsAsync([Metric.Visits, Metric.ExitRate], [DimensionKind.ExitPage], Is(DimensionKind.Country, "DE")));
        }
    }

    [Fact]
    public async Task A_bot_is_in_no_visit()
    {
        await TakeAsync(Page(Berlin, 1, "/", 0), Page(Berlin, 2, "/", 1) with { Bot = BotReason.UserAgent });
        Assert.Equal(["1 1 1"], await QueryRowsAsync([Metric.Visits, Metric.Pageviews, Metric.BotHits]));
    }

    [Fact]
    public async Task Steps_of_a_funnel_are_done_in_order_within_a_visit()
    {
        TestHit Step(HitKind kind, ulong visitor, int minute) => Page(Berlin, visitor, "/", minute) with { Kind = kind };
        await TakeAsync(Step(HitKind.ViewItem, 1, 0), Step(HitKind.AddToCart, 1, 1), Step(HitKind.Purchase, 1, 2),
            Step(HitKind.AddToCart, 2, 0), Step(HitKind.ViewItem, 2, 1), Step(HitKind.ViewItem, 3, 0), Step(HitKind.AddToCart, 3, 1));
        var question = new FunnelQuery(Berlin, Days(0, 0), [Named("view_item"), Named("add_to_cart"), Named("purchase")], null, null);
        Assert.Equal("3 2 1", await VisitsAsync());
        Time.Advance(TimeSpan.FromDays(1));
        await TidyAsync();
        Assert.Equal("3 2 1", await VisitsAsync());

        async Task<string> VisitsAsync() => string.Join(' ', Assert.Single((await History.QueryAsync(question, Stop)).Rows).Visits);
    }

    [Fact]
    public async Task A_day_that_is_over_answers_as_when_it_was_open_also_after_late_hits()
    {
        var hits = Made(120, new Random(7));
        await TakeAsync(hits[..90]);
        var open = await EverythingAsync();
        await TidyAsync();
        Assert.Equal(open, await EverythingAsync());
        await TakeAsync(hits[90..]);
        var late = await EverythingAsync();
        Assert.NotEqual(open, late);
        Time.Advance(TimeSpan.FromMinutes(10));
        await TidyAsync();
        Assert.Equal(late, await EverythingAsync());
        await ReopenAsync();
        Assert.Equal(late, await EverythingAsync());
    }

    [Fact]
    public async Task Hits_go_when_they_are_too_old_and_what_they_added_up_to_stays()
    {
        await TakeAsync(Page(Berlin, 1, "/a", -5 * 24 * 60), Page(Berlin, 2, "/b", -24 * 60));
        await TidyAsync();
        await ReopenAsync(hitsDays: 3);
        await Eventually.BecomesAsync(async () => (await QueryRowsAsync([Metric.Visits], [DimensionKind.Page],
            And(Pages("/a", "/b"), Is(DimensionKind.EntryPage, "/a", "/b")))).Length == 1, "the hits are gone");
        Assert.Equal(["/a 1", "/b 1"], (await QueryRowsAsync([Metric.Visits], [DimensionKind.Page], Pages("/a", "/b"))).Order());
        // A hit that arrives after its day's hits are deleted is added to the rollup of the day.
        await TakeAsync(Page(Berlin, 3, "/a", -5 * 24 * 60 + 1));
        Assert.Equal(["/a 2", "/b 1"], (await QueryRowsAsync([Metric.Visits], [DimensionKind.Page], Pages("/a", "/b"))).Order());
        Time.Advance(TimeSpan.FromMinutes(10));
        await TidyAsync();
        Assert.Equal(["/a 2", "/b 1"], (await QueryRowsAsync([Metric.Visits], [DimensionKind.Page], Pages("/a", "/b"))).Order());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public async Task Late_hits_of_days_whose_hits_are_gone_are_added_to_what_is_left(int hitsDays)
    {
        var hits = Made(120, new Random(11));
        // Visitors of their own, as after their salt: what was bought before stays bought.
        TestHit[] late = [.. Made(60, new Random(12)).Select(hit => hit with { Visitor = hit.Visitor + 1_000_000 })];
        await TakeAsync(hits);
        await TidyAsync();
        await TakeAsync(late);
        Time.Advance(TimeSpan.FromMinutes(10));
        await TidyAsync();
        var expected = await EverythingAsync();
        // The same in a store of its own, and between the two the hits of the first go.
        Source.Clear();
        await _running.DisposeAsync();
        _running = await OpenAsync(0, "another");
        await TakeAsync(hits);
        await TidyAsync();
        await ReopenAsync(hitsDays: 1);
        await Eventually.BecomesAsync(
            async () => (await QueryRowsAsync([Metric.Visits], [DimensionKind.Day, DimensionKind.Source, DimensionKind.EntryPage])).All(
                row => string.CompareOrdinal(row[..10], "2026-11-23") >= 0), "the hits are gone");
        await ReopenAsync(hitsDays);
        await TakeAsync(late[..30]);
        await TakeAsync(late[30..]);
        Assert.Equal(expected, await EverythingAsync());
        Time.Advance(TimeSpan.FromMinutes(10));
        await TidyAsync();
        Assert.Equal(expected, await EverythingAsync());
        await ReopenAsync();
        Assert.Equal(expected, await EverythingAsync());
    }

    [Fact]
    public async Task A_clock_that_jumps_ahead_for_an_hour_costs_no_hit()
    {
        await ReopenAsync(hitsDays: 3);
        await TakeAsync(Page(Berlin, 1, "/", -24 * 60));
        await TidyAsync();
        Source.Fault = new IOException("Not now.");
        Source.Commit(At(1), Page(Berlin, 2, "/", 1));
        await Eventually.BecomesAsync(() => Task.FromResult(Status.GetHealth().State == HistoryState.Failing), "it waits in the journal");
        Time.Jump(TimeSpan.FromDays(400));
        Time.Advance(TimeSpan.FromHours(1.5));
        Source.Fault = null;
        await CaughtUpAsync();
        // Whatever was due then is done before hits of a later step are there.
        await TakeAsync(Page(Berlin, 3, "/", 400 * 24 * 60 + 90));
        await TakeAsync(Page(Berlin, 3, "/", 400 * 24 * 60 + 91));
        Time.Jump(TimeSpan.FromDays(-400));
        Assert.Equal(["/ 2"],
            await QueryRowsAsync([Metric.Visits], [DimensionKind.Page], And(Pages("/"), Is(DimensionKind.EntryPage, "/"))));
    }

    [Fact]
    public async Task The_first_hit_is_known()
    {
        Assert.Null(await History.GetFirstHitAsync(Berlin, Stop));
        await TakeAsync(Page(Berlin, 1, "/", 0), Page(Berlin, 2, "/", -30), Page(Tokyo, 3, "/", -60));
        Assert.Equal(At(-30), await History.GetFirstHitAsync(Berlin, Stop));
    }

    [Fact]
    public async Task Days_are_counted_up_to_a_commit()
    {
        // Noon is 13:00 in Berlin: the 156th five minutes.
        await TakeAsync(Page(Berlin, 1, "/", -24 * 60), Page(Berlin, 2, "/", 0), Page(Berlin, 2, "/", 4), Page(Berlin, 2, "/", 5));
        await TakeAsync(Order(HitKind.Purchase, "T1", 7, 6), Page(Tokyo, 3, "/", 0, "FR"));
        Assert.Equal(["PageView berlin.example 156 DE  2 0", "PageView berlin.example 157 DE  1 0", "Visit berlin.example 156 DE  1 0"],
            await CountAsync(1));
        Assert.Equal(
            ["PageView berlin.example 156 DE  2 0", "PageView berlin.example 157 DE  1 0", "PageView tokyo.example 252 FR  1 0",
                "Purchase berlin.example 157 DE EUR 1 7", "Visit berlin.example 156 DE  1 0", "Visit berlin.example 157 DE  1 0",
                "Visit tokyo.example 252 FR  1 0"],
            await CountAsync(2));

        async Task<IEnumerable<string>> CountAsync(long position) =>
            (await History.GetDailyCountsAsync(Berlin.DayOf(At(0)), position, Stop)).Where(count => count.Kind != HitKind.Custom)
                .Select(count =>
                    $"{count.Kind} {count.Site} {count.Step} {count.Country} {count.Currency} {count.Count} {Text(count.Value)}")
                        .Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task An_invalid_pattern_is_reported_and_a_cancelled_query_has_no_result()
    {
        await TakeAsync(Page(Berlin, 1, "/", 0));
        await Assert.ThrowsAsync<InvalidPatternException>(() => History.QueryAsync(
            CreateQuery([Metric.Visits], [], new Filter.Comparison(new(DimensionKind.Page), FilterOperator.Matches, ["("]), Berlin), Stop));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            History.QueryAsync(CreateQuery([Metric.Visits], [], null, Berlin), new CancellationToken(canceled: true)));
    }

    private protected async Task ReopenAsync(int hitsDays = 0)
    {
        await _running.DisposeAsync();
        _running = await OpenAsync(hitsDays);
        await CaughtUpAsync();
    }

    /// <summary>Commits hits, and waits until the history has them.</summary>
    private protected async Task TakeAsync(params TestHit[] hits)
    {
        Source.Commit(Time.GetUtcNow().ToUnixTimeMilliseconds(), hits);
        await CaughtUpAsync();
    }

    private protected Task CaughtUpAsync() => Eventually.BecomesAsync(
        () => Task.FromResult(Status.GetHealth() is { State: HistoryState.Ready, LagCommits: 0 }),
        $"it has caught up ({Status.GetHealth()})");

    /// <summary>Lets a while pass without hits, so that days that are over may be dealt with for good.</summary>
    private protected async Task TidyAsync()
    {
        Time.Advance(TimeSpan.FromSeconds(30));
        await Eventually.BecomesAsync(_running.IsTidyAsync, "the days that are over are dealt with");
    }

    /// <param name="minute">From noon on; below zero before it.</param>
    private protected static long At(int minute) => Now.AddMinutes(minute).ToUnixTimeMilliseconds();

    private protected static TestHit Page(Site site, ulong visitor, string path, int minute, string country = "DE") =>
        new(site, At(minute), HitKind.PageView, visitor, country) { Texts = new() { [DetailField.Path] = path } };

    private TestHit Order(HitKind kind, string transaction, decimal? value, int minute, params TestItem[] items) =>
        Page(Berlin, 1, "/", minute) with
        {
            Kind = kind,
            Value = value,
            Items = items,
            Texts = new() { [DetailField.TransactionId] = transaction }
        };

    /// <summary>Hits of four days, of both sites.</summary>
    private TestHit[] Made(int count, Random random) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var (site, minute) = (random.Next(3) == 0 ? Tokyo : Berlin, -random.Next(1, 4 * 24 * 60));
        // As with a salted hash, a visitor is another one on another day.
        var visitor = (ulong)(site.DayOf(At(minute)) * 10 + random.Next(6));
        return Page(site, visitor, $"/{random.Next(3)}", minute, random.Next(2) == 0 ? "DE" : "FR") with
        {
            Kind = (HitKind)random.Next(1, 9),
            Value = random.Next(1_000),
            Items = [new TestItem($"S{random.Next(3)}", Price: random.Next(100), Quantity: random.Next(1, 4))],
            Texts = new() { [DetailField.Path] = $"/{random.Next(3)}", [DetailField.TransactionId] = $"T{i / 2}",
                [DetailField.Name] = "signup", [DetailField.Source] = random.Next(2) == 0 ? "Google" : "Bing" },
        };
    })];

    /// <summary>All that rollups know.</summary>
    private async Task<string> EverythingAsync()
    {
        Metric[] metrics = [Metric.Visitors, Metric.Visits, Metric.Pageviews, Metric.Events, Metric.Orders, Metric.Revenue, Metric.Refunds];
        var results = new List<string>();
        foreach (var site in (Site[])[Berlin, Tokyo])
            foreach (var kind in (DimensionKind?[])[null, DimensionKind.Day, DimensionKind.Hour, DimensionKind.Country,
                DimensionKind.Source, DimensionKind.Page, DimensionKind.EntryPage, DimensionKind.EventName, DimensionKind.ItemId])
                results.AddRange((await QueryRowsAsync(kind == DimensionKind.ItemId ? [.. metrics.Except([Metric.Pageviews])]
                    : metrics, kind is { } of ? [of] : [], site: site)).Order(StringComparer.Ordinal).Prepend($"{site.Domain} by {kind}"));
        return string.Join('\n', results);
    }

    private async Task<string[]> QueryRowsAsync(Metric[] metrics, DimensionKind[]? dimensions = null, Filter? filter = null,
        Site? site = null) =>
        [.. (await History.QueryAsync(CreateQuery(metrics, dimensions ?? [], filter, site ?? Berlin), Stop)).Rows.Select(row =>
            string.Join(' ', row.Dimensions.Concat(row.Metrics.Select(Text))))];

    private StatsQuery CreateQuery(Metric[] metrics, DimensionKind[] dimensions, Filter? filter, Site site) =>
        new(site, Days(-10, 1, site), metrics, [.. dimensions.Select(kind => new Dimension(kind))], filter, []);

    /// <summary>Whole days, counted from that of <see cref="Now"/>.</summary>
    private Period Days(int first, int last, Site? site = null)
    {
        site ??= Berlin;
        var today = site.DayOf(Now.ToUnixTimeMilliseconds());
        return new Period(site.StartOf(today + first), site.StartOf(today + last + 1), (today + first, today + last));
    }

    private static Filter.Comparison Pages(params string[] paths) => Is(DimensionKind.Page, paths);

    private static Filter.Comparison Is(DimensionKind kind, params string[] values) => new(new Dimension(kind), FilterOperator.Is, values);

    private static Filter.Comparison Named(string name) => Is(DimensionKind.EventName, name);

    private static Filter.All And(params Filter[] filters) => new(filters);

    private static string Text(object? value) => value switch
    {
        Money money => Text(money.Total),
        decimal amount => amount.ToString("0.######", System.Globalization.CultureInfo.InvariantCulture),
        null => "null",
        _ => FormattableString.Invariant($"{value}"),
    };
}
