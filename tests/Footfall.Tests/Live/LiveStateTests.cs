using System.Text;
using CsCheck;
using Footfall.Common;
using Footfall.Live;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Prometheus;

namespace Footfall.Tests.Live;

public sealed class LiveStateTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 18, 20, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo HalfPastFive = TimeZoneInfo.CreateCustomTimeZone("+05:30", TimeSpan.FromMinutes(330), null, null);
    private static readonly Site Shop = new(1, "shop.example", HalfPastFive, "EUR");
    private static readonly string[] Countries = ["US", "FR", "JP", "ZA"];

    internal abstract record ClientAction;

    internal sealed record Visit(int Country, int AgeSeconds, int Visitor, int Kind) : ClientAction;

    internal sealed record Pass(int Seconds) : ClientAction;

    internal sealed record Jump(int Seconds) : ClientAction;

    internal sealed record Publish : ClientAction;

    internal sealed record Reconnect(bool Fresh) : ClientAction;

    private static readonly Gen<ClientAction[]> ActionSequences = Gen.Frequency(
        (6, Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2_400], Gen.Int[0, 4], Gen.Int[0, 7], (country, age, visitor, kind) =>
            (ClientAction)new Visit(country, kind < 5 ? age % 20 : age, visitor, kind))),
        (3, OneOf(1, 4, 7, 61, 290, 660, 1_860, 7_200).Select(seconds => (ClientAction)new Pass(seconds))),
        (1, OneOf(-90_000, -7_200, -700, -70, -3, 70, 700, 7_200, 90_000).Select(seconds => (ClientAction)new Jump(seconds))),
        (4, Gen.Const((ClientAction)new Publish())),
        (1, Gen.Bool.Select(fresh => (ClientAction)new Reconnect(fresh)))).Array[1, 40];

    [Fact]
    public void A_client_that_applies_changes_has_the_state_that_a_new_one_gets_whatever_the_clock_does() =>
        ActionSequences.Sample(actions =>
    {
        var clock = new FakeTimeProvider(Start);
        var state = new LiveState(clock);
        state.MarkDailyStatsLoaded();
        var sites = new SiteRegistry(Options.Create(new FootfallOptions
        {
            Sites = [new SiteOptions { Domain = "other.example" },
            new SiteOptions { Domain = "shop.example", TimeZone = "Asia/Kolkata" }]
        }), TimeProvider.System);
        Assert.True(sites.TryGet("shop.example", out var shop));
        var model = new LiveStateModel(shop);
        var stream = new Stream(new SseChannel("shop.example", sites, state, clock), clock);
        var visits = new long[Countries.Length];
        foreach (var action in actions)
        {
            if (action is Visit visit) ApplyVisit(state, model, shop, clock, visit, visits);
            else if (action is Pass pass) clock.Advance(TimeSpan.FromSeconds(pass.Seconds));
            else if (action is Jump jump) clock.AdjustTime(clock.GetUtcNow().AddSeconds(jump.Seconds));
            else if (action is Reconnect reconnect) stream.Reconnect(reconnect.Fresh);
            else
            {
                stream.Publish();
                // Beyond four days on a jumping clock the oldest is forgotten, which the model does not do.
                if (model.Days <= 4) Assert.Equal(model.DescribeAt(LiveTime.Now(clock)), stream.Client.ToString());
                Assert.Equal(stream.Snapshot(), $"{stream.Client} {stream.Client.DescribeStats()}");
            }
        }
    }, iter: 500);

    private static void ApplyVisit(LiveState state, LiveStateModel model, Site site, FakeTimeProvider clock, Visit visit, long[] visits)
    {
        // Kinds: a bare visit, hits of a visitor that open a visit or not, a duplicate, a bot.
        var opened = visit.Kind is 0 or 1 or 5;
        var hit = new Hit(
            site, clock.GetUtcNow().AddSeconds(-visit.AgeSeconds).ToUnixTimeMilliseconds(), Parse(Countries[visit.Country]),
            visit.Kind % 2 == 0 ? HitKind.PageView : HitKind.Purchase,
            visit.Kind == 7, visit.Kind == 0 ? 0 : (ulong)visit.Visitor, 0, 0, 0, 0);
        var outcome = new HitOutcome(visit.Kind == 6, opened, hit.Country, opened ? ++visits[visit.Country] : 0);
        state.Apply([hit], [outcome], false);
        model.Apply(hit, outcome, LiveTime.Now(clock));
    }

    [Fact]
    public void Replayed_hits_rebuild_minutes_and_active_visitors_and_leave_what_was_loaded()
    {
        var clock = new FakeTimeProvider(Start);
        var state = new LiveState(clock);
        var us = Parse("US");
        state.LoadCounter(Shop, us, 50, Shop.DayOf(Start.ToUnixTimeMilliseconds()), 7);
        state.LoadCounter(Shop, Parse("FR"), 9, Shop.DayOf(Start.ToUnixTimeMilliseconds()) - 1, 3);

        state.Apply([HitAt(us, 100, 1), HitAt(us, 400, 2), HitAt(us, 3_000, 3), HitAt(us, 60, 1)],
            [Opened(us), Opened(us), Opened(us), default], true);

        var snapshot = Read(state);
        Assert.Equal([50, 9], snapshot.Total.ToArray());
        Assert.Equal([7, 0], snapshot.Today.ToArray());
        Assert.Equal([1, 0], snapshot.Active.ToArray());
        Assert.Equal(2, Enumerable.Range(0, 30).Sum(age => snapshot.GetMinuteVisits(snapshot.TakenAt.Minute - age)[0]));
        state.Apply([HitAt(us, 0, 0)], [new HitOutcome(false, true, us, 51)], false);
        Assert.Equal((51, 8), (Read(state).Total[0], Read(state).Today[0]));
    }

    [Fact]
    public void Visitors_of_two_sites_are_two_people()
    {
        var state = new LiveState(new FakeTimeProvider(Start));
        var other = new Site(2, "other.example", TimeZoneInfo.Utc, "EUR");
        var hit = HitAt(Parse("US"), 0, 7);

        state.Apply([hit, hit, hit with { Site = other }], new HitOutcome[3], false);

        Assert.Equal([1], Read(state).Active.ToArray());
        Assert.Equal([1], Read(state, other).Active.ToArray());
    }

    [Fact]
    public void A_visitor_who_comes_back_after_everything_was_forgotten_is_active_once_more()
    {
        var clock = new FakeTimeProvider(Start);
        var state = new LiveState(clock);
        var us = Parse("US");
        void Hit(ulong visitor) =>
            state.Apply([HitAt(us, 0, visitor) with { Time = clock.GetUtcNow().ToUnixTimeMilliseconds() }], new HitOutcome[1], false);
        Hit(1);
        for (var step = 0; step < 200; step++)
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            Hit(2);
        }
        Assert.Equal([1], Read(state).Active.ToArray());

        Hit(1);

        Assert.Equal([2], Read(state).Active.ToArray());
    }

    [Fact]
    public void Nothing_is_copied_while_nothing_changes()
    {
        var clock = new FakeTimeProvider(Start);
        var state = new LiveState(clock);
        state.Apply([HitAt(Parse("US"), 0, 0)], [Opened(Parse("US"))], false);
        var snapshot = Read(state);

        Assert.False(state.TryCopy(Shop, snapshot, new LiveSnapshot()));
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True(state.TryCopy(Shop, snapshot, new LiveSnapshot()));
    }

    [Fact]
    public void A_hit_allocates_nothing()
    {
        var state = new LiveState(TimeProvider.System);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var hits = new Hit[1_000];
        for (var i = 0; i < hits.Length; i++)
            hits[i] = new Hit(Shop, now - i, new Country((ushort)(i % 200)), HitKind.Visit, false, (ulong)(i % 2 * (i + 1)), 0, 0, 0, 0);
        var outcomes = Array.ConvertAll(hits, hit => new HitOutcome(false, true, hit.Country, 1));
        state.Apply(hits, outcomes, false);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) state.Apply(hits, outcomes, false);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Visitors_are_known_up_to_a_limit_and_forgotten_when_they_left()
    {
        var visitors = new ActiveVisitors();
        var random = new Random(1);
        var known = 0;
        for (var i = 0; i < ActiveVisitors.Limit * 3 / 2; i++)
            if (Know(10)) known++;
        Assert.InRange(known, ActiveVisitors.Limit * 9 / 10, ActiveVisitors.Limit);

        known = 0;
        for (var i = 0; i < ActiveVisitors.Limit / 2; i++)
            if (Know(10 + LiveTime.Steps)) known++;
        Assert.Equal(ActiveVisitors.Limit / 2, known);

        bool Know(long step)
        {
            ref var entry = ref visitors.FindOrAdd(0, (ulong)random.NextInt64(long.MinValue, long.MaxValue), step);
            if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref entry)) return false;
            entry = new ActiveVisitors.Entry(step, 1, 0);
            return true;
        }
    }

    private static Gen<int> OneOf(params int[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Country Parse(string code)
    {
        Assert.Equal(RejectReason.None, Country.Parse(code, out var country));
        return country;
    }

    private static Hit HitAt(Country country, int ageSeconds, ulong visitor) =>
        new(Shop, Start.AddSeconds(-ageSeconds).ToUnixTimeMilliseconds(), country, HitKind.Visit, false, visitor, 0, 0, 0, 0);

    private static HitOutcome Opened(Country country) => new(false, true, country, 0);

    private static LiveSnapshot Read(LiveState state, Site? site = null)
    {
        var snapshot = new LiveSnapshot();
        Assert.True(state.TryCopy(site ?? Shop, new LiveSnapshot(), snapshot));
        return snapshot;
    }

    /// <summary>A client of a broadcaster, without a network between them.</summary>
    private sealed class Stream
    {
        private readonly SseChannel _channel;
        private readonly TimeProvider _time;
        private SseSubscriber _subscriber;
        private long _cursor;
        private string _lastId = "";

        public Stream(SseChannel channel, TimeProvider time)
        {
            (_channel, _time) = (channel, time);
            _subscriber = Join();
        }

        public LiveStateClient Client { get; } = new();

        public void Publish()
        {
            _channel.Refresh();
            while (_channel.ReadNext(ref _cursor) is { } message) _lastId = Apply(Client, message) ?? _lastId;
        }

        /// <summary>No client is subscribed for a moment.</summary>
        public void Reconnect(bool fresh)
        {
            _channel.Leave(_subscriber);
            if (fresh) _lastId = "";
            _subscriber = Join();
        }

        /// <summary>The state that a new client gets now.</summary>
        public string Snapshot()
        {
            var cursor = -1L;
            var client = new LiveStateClient();
            Apply(client, _channel.ReadNext(ref cursor)!);
            Assert.Null(_channel.ReadNext(ref cursor));
            return $"{client} {client.DescribeStats()}";
        }

        private SseSubscriber Join()
        {
            var subscriber = new SseSubscriber(new DefaultHttpContext(), _time,
                new LiveMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())), NullLogger<SseHub>.Instance);
            _channel.Join(subscriber);
            _cursor = _channel.GetStartCursor(_lastId);
            return subscriber;
        }

        private static string? Apply(LiveStateClient client, byte[] message)
        {
            var lines = Encoding.UTF8.GetString(message).Split('\n');
            if (lines[0] == ": ") return null;
            client.Apply(lines[1]["event: ".Length..], lines[2]["data: ".Length..]);
            return lines[0]["id: ".Length..];
        }
    }
}
