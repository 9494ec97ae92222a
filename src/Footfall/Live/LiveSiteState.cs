using System.Runtime.CompilerServices;
using Footfall.Common;

namespace Footfall.Live;

/// <summary>
/// The live state of one site. Countries get a slot in the order of their first hit: a site has visits from a few of the 676 pairs of
/// letters, and there may be a thousand sites. Not thread-safe: <see cref="LiveState"/> locks.
/// </summary>
internal sealed class LiveSiteState(Site site, ActiveVisitors visitors, ICurrencyConverter? converter)
{
    private const ushort NoSlot = ushort.MaxValue;

    /// <summary>
    /// Of <see cref="LiveTime.Step"/>, in a step of <see cref="DayTimeline"/>: all time zones are whole multiples of five minutes away from
    /// UTC.
    /// </summary>
    private const long StepsPerTimelineStep = DayTimeline.StepMinutes * LiveTime.MillisecondsPerMinute / LiveTime.MillisecondsPerStep;

    private readonly ushort[] _slots = CreateSlots();
    private readonly RingCounter<int> _minutes = new(LiveTime.Minutes, 48);
    private readonly RingCounter<int> _active = new(LiveTime.Steps, 80);
    private readonly RingCounter<long> _days = new(1, 4);
    private readonly DayTimelines _timelines = new(site);
    private readonly LatestHits _latest = new();
    private Country[] _countries = [];
    private long[] _total = [];
    private int _count;

    /// <summary>Grows with every possible change of what is shown.</summary>
    public long Version { get; private set; }

    /// <summary>The journal position of this state, the same on all nodes.</summary>
    public long Position { get; private set; }

    /// <summary>Sets a counter from the store.</summary>
    public void LoadCounter(Country country, long visits, int day, long today, LiveTime now, long position)
    {
        Position = Math.Max(Position, position);
        var slot = GetSlot(country);
        _total[slot] = visits;
        _days.Add(day, DayOf(now), slot, today);
        Version++;
    }

    /// <summary>
    /// Sets all counters from the store, and removes those that it lacks. The countries keep their slots, as with <see cref="Clear"/>.
    /// </summary>
    public void ReplaceCounters(IReadOnlyList<(Country Country, long Visits, long Today)> visits, int day, LiveTime now, long position)
    {
        Array.Clear(_total);
        _days.Clear();
        foreach (var (country, all, today) in visits) LoadCounter(country, all, day, today, now, position);
        // If the journal lost data, its position may have gone back.
        Position = position;
        Version++;
    }

    /// <summary>Applies a hit that is neither a duplicate nor from a bot.</summary>
    /// <param name="bytes">Its details.</param>
    public void Apply(in Hit hit, in HitOutcome outcome, LiveTime now, bool replayed, ReadOnlySpan<byte> bytes, long position)
    {
        Position = Math.Max(Position, position);
        var slot = GetSlot(hit.Country);
        var time = new LiveTime(hit.Time);
        if (outcome.OpenedVisit)
        {
            _minutes.Add(time.Minute, now.Minute, slot, 1);
            if (!replayed)
            {
                _total[slot] = outcome.Visits;
                _days.Add(_timelines.ToLocal(time).Day, DayOf(now), slot, 1);
            }
        }
        var appeared = MarkActive(hit.Visitor, time, now, slot);
        // Daily counts need the details of few hits, and the shown hits are limited, so most details are not read. Replayed hits are
        // limited by their own time, since a replay may apply millions in a second.
        var shown = _latest.HasRoomFor(hit.Kind, replayed ? time : now);
        var details = shown || hit.Kind == HitKind.Purchase ? LiveHitDetails.Read(bytes, bytes.IsEmpty ? 0 : hit.DetailsCount) : default;
        if (!replayed) CountHit(hit, outcome.OpenedVisit, appeared, details, now, slot);
        // Engagement is sent when a page is left: the visitor is not active then.
        if (shown && details.Name != "engagement") _latest.Add(hit, details, outcome.OpenedVisit);
        Version++;
    }

    /// <summary>Adds the counts of an earlier run of the program.</summary>
    public void LoadDailyStats(Country country, DayTimelines.LocalStep localStep, LiveTime now, in DailyStats stats)
    {
        _timelines.Add(localStep, _timelines.GetNow(now), GetSlot(country), stats);
        Version++;
    }

    private void CountHit(in Hit hit, bool openedVisit, bool appeared, in LiveHitDetails details, LiveTime now, int slot)
    {
        DailyStats stats = default;
        if (openedVisit) stats.Add(DailyCounter.Visits, 1);
        if (appeared) stats.Add(DailyCounter.Active, 1);
        var localStep = _timelines.ToLocal(new LiveTime(hit.Time));
        switch (hit.Kind)
        {
            case HitKind.PageView: stats.Add(DailyCounter.Pageviews, 1); break;
            case HitKind.AddToCart: stats.Add(DailyCounter.Carts, 1); break;
            case HitKind.BeginCheckout: stats.Add(DailyCounter.Checkouts, 1); break;
            case HitKind.Purchase:
                stats.Add(DailyCounter.Orders, 1);
                stats.Add(DailyCounter.Revenue, GetRevenue(details, localStep.Day));
                break;
        }
        _timelines.Add(localStep, _timelines.GetNow(now), slot, stats);
    }

    /// <summary>In millionths of the site's currency; 0 if no rate is known.</summary>
    private long GetRevenue(in LiveHitDetails details, int day)
    {
        var amount = details.Value ?? details.ItemsValue ?? 0;
        return DailyStats.ToMillionths(converter.ConvertOrZero(amount, details.Currency, site, day));
    }

    /// <summary>Sets all counts to 0. The countries keep their slots: a subscriber that has seen them gets the value 0 for each.</summary>
    public void Clear()
    {
        Array.Clear(_total);
        _minutes.Clear();
        _active.Clear();
        _days.Clear();
        _timelines.Clear();
        _latest.Clear();
        Version++;
    }

    /// <summary>The site's local day at a moment, in days since 1970-01-01.</summary>
    public int DayOf(LiveTime now) => _timelines.GetNow(now).Day;

    /// <summary>Copies what is shown at a moment.</summary>
    public void CopyTo(LiveSnapshot snapshot, LiveTime now)
    {
        snapshot.Resize(_count);
        _countries.AsSpan(0, _count).CopyTo(snapshot.Countries);
        _total.AsSpan(0, _count).CopyTo(snapshot.Total);
        _days.CopyTo(DayOf(now), snapshot.Today);
        _active.SumTo(now.Step, snapshot.Active);
        _timelines.CopyTo(_timelines.GetNow(now), snapshot.TodayStats, snapshot.YesterdayStats);
        _latest.CopyTo(snapshot.Latest);
        for (var minute = now.Minute - LiveTime.Minutes + 1; minute <= now.Minute; minute++)
            _minutes.CopyTo(minute, snapshot.GetMinuteVisits(minute, now.Minute));
    }

    /// <returns>Whether the visitor has no other hit in the same step of the day.</returns>
    private bool MarkActive(ulong visitor, LiveTime hit, LiveTime liveTime, int slot)
    {
        var (step, now) = (hit.Step, liveTime.Step);
        if (step <= now - LiveTime.Steps) return false;
        if (visitor != 0)
        {
            ref var entry = ref visitors.FindOrAdd(site.Index, visitor, now);
            if (!Unsafe.IsNullRef(ref entry))
            {
                // A late hit adds nothing, unless the clock went back and the known step is in the future.
                var isKnown = step < entry.Step ? entry.Step <= now : step == entry.Step && slot == entry.Slot;
                if (isKnown && _active.IsCurrent(entry.Step, entry.Stamp)) return false;
                var appeared = entry.Stamp == 0 || entry.Step / StepsPerTimelineStep != step / StepsPerTimelineStep;
                _active.Subtract(entry.Step, entry.Stamp, entry.Slot);
                entry = new ActiveVisitors.Entry(step, _active.Add(step, now, slot, 1), slot);
                return appeared;
            }
        }
        _active.Add(step, now, slot, 1);
        return true;
    }

    private int GetSlot(Country country)
    {
        var slot = _slots[country.Index];
        return slot != NoSlot ? slot : AddSlot(country);
    }

    private int AddSlot(Country country)
    {
        if (_count == _countries.Length)
        {
            Array.Resize(ref _countries, Math.Max(4, _count * 2));
            Array.Resize(ref _total, _countries.Length);
        }
        _countries[_count] = country;
        _slots[country.Index] = (ushort)_count;
        return _count++;
    }

    private static ushort[] CreateSlots()
    {
        var slots = new ushort[Country.Count];
        Array.Fill(slots, NoSlot);
        return slots;
    }
}
