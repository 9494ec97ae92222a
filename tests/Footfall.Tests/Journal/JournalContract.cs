using Footfall.Common;
using Footfall.Journal;

namespace Footfall.Tests.Journal;

/// <summary>The contract of every journal. One suite, run on each implementation.</summary>
public abstract class JournalContract : IAsyncLifetime
{
    private IRunningJournal _running = null!;

    private protected AdjustableTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 24, 10, 0, 0, TimeSpan.Zero));

    private protected IJournal Journal => _running.Journal;

    private protected SiteRegistry Sites => _running.Sites;

    private protected interface IRunningJournal : IAsyncDisposable
    {
        IJournal Journal { get; }

        SiteRegistry Sites { get; }
    }

    /// <summary>Opens the store of this test, again with what was committed before.</summary>
    private protected abstract Task<IRunningJournal> OpenAsync();

    public async ValueTask InitializeAsync() => _running = await OpenAsync();

    public virtual async ValueTask DisposeAsync() => await _running.DisposeAsync();

    private protected async Task ReopenAsync()
    {
        await _running.DisposeAsync();
        _running = await OpenAsync();
    }

    [Fact]
    public async Task Visits_are_counted_in_the_order_of_the_answers()
    {
        Assert.Equal(1, (await AppendAsync(Visit("US"))).Visits);
        Assert.Equal(2, (await AppendAsync(Visit("US"))).Visits);
        Assert.Equal(1, (await AppendAsync(Visit("FR"))).Visits);
        Assert.Equal(2, await CountAsync("US"));
        Assert.Equal(1, await CountAsync("FR"));
    }

    [Fact]
    public async Task Each_of_many_concurrent_visits_has_its_own_number()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => Task.Run(() => AppendAsync(Visit("DE")))));
        Assert.Equal(Enumerable.Range(1, 500).Select(number => (long)number), outcomes.Select(outcome => outcome.Visits).Order());
    }

    [Fact]
    public async Task Counters_are_there_again_after_a_restart()
    {
        await AppendAsync(Visit("US"));
        await AppendAsync(Visit("US", site: "shop.example"));
        await ReopenAsync();
        Assert.Equal(1, await CountAsync("US"));
        Assert.Equal(1, await CountAsync("US", "shop.example"));
        Assert.Equal(2, (await AppendAsync(Visit("US"))).Visits);
    }

    [Fact]
    public async Task A_key_that_was_seen_is_answered_like_the_first_time_and_counted_once()
    {
        await AppendAsync(Visit("US"));
        var first = await AppendAsync(Visit("US", key: 7));
        await AppendAsync(Visit("US"));
        var again = await AppendAsync(Visit("FR", key: 7));
        Assert.Equal((2, "US", false), (first.Visits, first.Country.Code, first.Duplicate));
        Assert.Equal((2, "US", true), (again.Visits, again.Country.Code, again.Duplicate));
        Assert.Equal(3, await CountAsync("US"));
        Assert.Equal(0, await CountAsync("FR"));
    }

    [Fact]
    public async Task A_key_is_remembered_across_a_restart()
    {
        var first = await AppendAsync(Visit("US", key: 7));
        await ReopenAsync();
        var again = await AppendAsync(Visit("US", key: 7));
        Assert.True(again.Duplicate);
        Assert.Equal(first.Visits, again.Visits);
        Assert.Equal(1, await CountAsync("US"));
    }

    [Fact]
    public async Task A_key_is_remembered_for_24_hours_and_then_free_again()
    {
        await AppendAsync(Visit("US", key: 7));
        await AdvanceTimeAsync(TimeSpan.FromHours(23.9));
        Assert.True((await AppendAsync(Visit("US", key: 7))).Duplicate);
        await AdvanceTimeAsync(TimeSpan.FromHours(2));
        await AppendAsync(Visit("FR"));
        await ReopenAsync();
        Assert.False((await AppendAsync(Visit("US", key: 7))).Duplicate);
    }

    [Fact]
    public async Task The_same_key_twice_in_one_submission_counts_once()
    {
        var outcomes = await AppendAllAsync(Visit("US", key: 7), Visit("US", key: 7), Visit("US", key: 8));
        Assert.Equal([false, true, false], outcomes.Select(outcome => outcome.Duplicate));
        Assert.Equal(2, await CountAsync("US"));
    }

    [Fact]
    public async Task A_purchase_is_known_by_its_transaction_whatever_its_message_is_called()
    {
        var purchase = Page("US", visitor: 1) with { Kind = HitKind.Purchase, Transaction = 99 };
        Assert.False((await AppendAsync(purchase with { Key = 1 })).Duplicate);
        Assert.True((await AppendAsync(purchase with { Key = 2 })).Duplicate);
        Assert.True((await AppendAsync(purchase with { Key = 2, Transaction = 0 })).Duplicate);
    }

    [Fact]
    public async Task Hits_of_one_visitor_within_30_minutes_are_one_visit()
    {
        Assert.True((await AppendAsync(Page("US", visitor: 1))).OpenedVisit);
        await AdvanceTimeAsync(TimeSpan.FromMinutes(30));
        Assert.False((await AppendAsync(Page("US", visitor: 1))).OpenedVisit);
        await AdvanceTimeAsync(TimeSpan.FromMinutes(29));
        Assert.False((await AppendAsync(Page("FR", visitor: 1))).OpenedVisit);
        await AdvanceTimeAsync(TimeSpan.FromMinutes(30) + TimeSpan.FromMilliseconds(1));
        Assert.True((await AppendAsync(Page("US", visitor: 1))).OpenedVisit);
        Assert.True((await AppendAsync(Page("US", visitor: 2))).OpenedVisit);
        Assert.True((await AppendAsync(Page("US", visitor: 1, site: "shop.example"))).OpenedVisit);
        Assert.Equal(3, await CountAsync("US"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Hits_of_one_submission_open_the_visits_that_they_open_one_by_one(int seed)
    {
        var random = new Random(seed);
        var start = Time.GetUtcNow();
        var minutes = 0.0;
        var hits = Enumerable.Range(0, 60).Select(_ =>
        {
            // Mostly one visitor's next hit, some minutes later or earlier: within the gap of a visit, at its very end, or beyond it.
            minutes += random.Next(6) switch { 0 => 30, 1 => 30.001, 2 => -20, 3 => -31, _ => random.Next(12) };
            var hit = Page(random.Next(3) == 0 ? "FR" : "US", visitor: random.Next(5) == 0 ? 2u
                : 1u, at: start.AddHours(-3).AddMinutes(Math.Clamp(minutes, -60, 170)));
            return random.Next(12) switch
            {
                0 => hit with { Key = (ulong)random.Next(1, 4) },
                1 => hit with { Bot = true },
                2 => hit with { Kind = HitKind.Visit },
                3 => hit with { Kind = HitKind.Purchase, Transaction = (ulong)random.Next(1, 3) },
                _ => hit,
            };
        }).ToArray();
        // The same for other visitors, with other keys.
        var others = hits.Select(hit => hit with
        {
            Visitor = hit.Visitor + 100,
            Key = hit.Key == 0 ? 0 : hit.Key + 100,
            Transaction = hit.Transaction == 0 ? 0 : hit.Transaction + 100,
        }).ToArray();
        var together = await AppendAllAsync(hits);
        var apart = new List<HitOutcome>();
        foreach (var hit in others) apart.Add(await AppendAsync(hit));
        Assert.Equal(apart.Select(outcome => (outcome.Duplicate, outcome.OpenedVisit)),
            together.Select(outcome => (outcome.Duplicate, outcome.OpenedVisit)));
        Assert.Contains(together, outcome => outcome.OpenedVisit);
    }

    [Fact]
    public async Task An_open_visit_goes_on_after_a_restart()
    {
        await AppendAsync(Page("US", visitor: 1));
        await AdvanceTimeAsync(TimeSpan.FromMinutes(20));
        await AppendAsync(Page("US", visitor: 1));
        await AdvanceTimeAsync(TimeSpan.FromMinutes(20));
        await ReopenAsync();
        Assert.False((await AppendAsync(Page("US", visitor: 1))).OpenedVisit);
        Assert.Equal(1, await CountAsync("US"));
    }

    [Fact]
    public async Task Late_hits_of_one_earlier_visit_are_one_visit()
    {
        var now = Time.GetUtcNow();
        await AppendAsync(Page("US", visitor: 1));
        Assert.True((await AppendAsync(Page("US", visitor: 1, at: now.AddHours(-5)))).OpenedVisit);
        Assert.False((await AppendAsync(Page("US", visitor: 1, at: now.AddHours(-5).AddMinutes(10)))).OpenedVisit);
        Assert.False((await AppendAsync(Page("US", visitor: 1))).OpenedVisit);
        Assert.Equal(2, await CountAsync("US"));
    }

    [Fact]
    public async Task A_bot_is_stored_and_never_a_visit()
    {
        Assert.False((await AppendAsync(Page("US", visitor: 1) with { Bot = true })).OpenedVisit);
        Assert.Equal(0, await CountAsync("US"));
    }

    [Fact]
    public async Task A_clock_that_jumps_back_and_forward_loses_no_count_and_no_key()
    {
        await AppendAsync(Visit("US", key: 7));
        Time.Jump(TimeSpan.FromHours(-3));
        await AppendAsync(Visit("US"));
        Assert.True((await AppendAsync(Visit("US", key: 7))).Duplicate);
        Time.Jump(TimeSpan.FromDays(2));
        await AdvanceTimeAsync(TimeSpan.FromMinutes(2));
        await AppendAsync(Visit("US"));
        Time.Jump(TimeSpan.FromDays(-2) + TimeSpan.FromHours(3));
        await AppendAsync(Visit("US"));
        Assert.Equal(4, await CountAsync("US"));
        await ReopenAsync();
        Assert.Equal(4, await CountAsync("US"));
        Assert.True((await AppendAsync(Visit("US", key: 7))).Duplicate);
    }

    [Fact]
    public async Task A_clock_that_jumps_ahead_and_back_opens_no_second_visit()
    {
        await AppendAsync(Page("US", visitor: 1));
        Time.Jump(TimeSpan.FromHours(2));
        await AdvanceTimeAsync(TimeSpan.FromMinutes(2));
        await AppendAsync(Visit("FR"));
        await AppendAsync(Visit("FR"));
        Time.Jump(TimeSpan.FromHours(-2));
        Assert.False((await AppendAsync(Page("US", visitor: 1))).OpenedVisit);
        Assert.Equal(1, await CountAsync("US"));
    }

    [Fact]
    public async Task What_a_submission_has_for_several_sites_is_counted_for_each()
    {
        var hits = Enumerable.Range(0, 200).Select(i => i % 3 == 0 ? Visit("US", site: $"shop-{i % 20}.example")
            : Page("FR", visitor: (ulong)i + 1, site: $"shop-{i % 20}.example")).ToArray();
        var outcomes = await AppendAllAsync(hits);
        Assert.All(outcomes, outcome => Assert.True(outcome.OpenedVisit));
        for (var site = 0; site < 20; site++)
            foreach (var country in (string[])["US", "FR"])
                Assert.Equal(hits.Count(hit => hit.Site.Domain == $"shop-{site}.example" && hit.Country.Code == country),
                    await CountAsync(country, $"shop-{site}.example"));
        Assert.Equal(Enumerable.Range(1, hits.Count(hit => hit.Site.Domain == "shop-3.example" && hit.Kind == HitKind.Visit)),
            outcomes.Zip(hits).Where(pair => pair.Second.Site.Domain == "shop-3.example" && pair.Second.Kind == HitKind.Visit)
                .Select(pair => (int)pair.First.Visits).Order());
    }

    [Fact]
    public async Task Visits_with_and_without_a_key_in_one_submission_have_numbers_of_their_own()
    {
        var outcomes = await AppendAllAsync(Visit("US"), Visit("US", key: 7), Visit("US"), Visit("US", key: 7), Page("US", visitor: 1),
            Visit("US", key: 8));
        Assert.Equal([false, false, false, true, false, false], outcomes.Select(outcome => outcome.Duplicate));
        Assert.Equal(outcomes[1].Visits, outcomes[3].Visits);
        Assert.Equal(4, new[] { outcomes[0], outcomes[1], outcomes[2], outcomes[5] }.Select(outcome => outcome.Visits).Distinct().Count());
        Assert.Equal(5, await CountAsync("US"));
    }

    [Fact]
    public async Task A_seed_opens_no_visit_and_is_not_counted()
    {
        using var submission = Journal.Rent();
        submission.WarmUpHits = [Page("US", visitor: 1)];
        submission.Add(Page("US", visitor: 1));
        submission.Add(Page("US", visitor: 2));
        Assert.Equal(RejectReason.None, await Journal.AppendAsync(submission));
        Assert.Equal([false, true], submission.Outcomes.ToArray().Select(outcome => outcome.OpenedVisit));
        Assert.Equal(1, await CountAsync("US"));
    }

    [Fact]
    public async Task An_import_is_found_again_after_a_restart()
    {
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        var checkpoint = new ImportCheckpoint("access-log shop.example", Guid.NewGuid(), 1_234, [1, 2, 3]);
        using (var submission = Journal.Rent())
        {
            submission.Add(Visit("US", site: "shop.example"));
            submission.Checkpoint = checkpoint;
            submission.ImportedIds = [first];
            Assert.Equal(RejectReason.None, await Journal.AppendAsync(submission));
        }
        await ReopenAsync();
        var known = Assert.Single(Journal.ReadCheckpoints(checkpoint.Source));
        Assert.Equal((checkpoint.Id, checkpoint.Length), (known.Id, known.Length));
        Assert.Equal(checkpoint.Hash, known.Hash);
        Assert.Empty(Journal.ReadCheckpoints("access-log other.example"));
        Assert.Equal([first], Journal.FindImported([second, first]));
    }

    [Fact]
    public async Task After_the_journal_was_closed_a_hit_is_refused()
    {
        var closed = Journal;
        await _running.DisposeAsync();
        using var submission = closed.Rent();
        submission.Add(Visit("US"));
        Assert.Equal(RejectReason.ShuttingDown, await closed.AppendAsync(submission));
        _running = await OpenAsync();
        Assert.Equal(0, await CountAsync("US"));
    }

    private protected Hit Visit(string country, ulong key = 0, string site = "") =>
        new(SiteOf(site), Time.GetUtcNow().ToUnixTimeMilliseconds(), Country.FromStored(country), HitKind.Visit, false, 0, key, 0, 0, 0);

    private protected Hit Page(string country, ulong visitor, string site = "", DateTimeOffset? at = null) =>
        new(SiteOf(site), (at ?? Time.GetUtcNow()).ToUnixTimeMilliseconds(), Country.FromStored(country), HitKind.PageView, false, visitor,
            0, 0, 0, 0);

    private protected async Task<long> CountAsync(string country, string site = "") =>
        (await Journal.ReadCountersAsync(SiteOf(site)))?.Visits(Country.FromStored(country)) ?? 0;

    /// <summary>Lets time pass, for the program and for the store.</summary>
    private protected virtual Task AdvanceTimeAsync(TimeSpan time)
    {
        Time.Advance(time);
        return Task.CompletedTask;
    }

    private protected async Task<HitOutcome> AppendAsync(Hit hit) => Assert.Single(await AppendAllAsync(hit));

    private protected async Task<HitOutcome[]> AppendAllAsync(params Hit[] hits)
    {
        using var submission = Journal.Rent();
        foreach (var hit in hits) submission.Add(hit);
        Assert.Equal(RejectReason.None, await Journal.AppendAsync(submission));
        return submission.Outcomes.ToArray();
    }

    private Site SiteOf(string domain)
    {
        Assert.Equal(RejectReason.None, Sites.GetOrAdd(domain, out var site));
        return site;
    }
}
