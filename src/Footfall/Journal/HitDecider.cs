using Footfall.Common;
using Footfall.Journal.Sqlite;

namespace Footfall.Journal;

/// <summary>
/// Decides, hit by hit and on one thread, what is a duplicate and what opens a visit. Nothing is final until <see cref="Commit"/>.
/// </summary>
internal sealed class HitDecider(VisitCounters counters)
{
    private const int CountryShift = 48;

    public VisitCounters Counters => counters;

    public OpenVisits Visits { get; } = new();

    public SeenKeys Keys { get; } = new();

    /// <param name="monotonicNow">When the hit arrived, by <see cref="JournalClock.MonotonicNow"/>: a jump of the wall clock must not drop
    /// open visits.</param>
    public HitOutcome Decide(in Hit hit, long monotonicNow)
    {
        if (hit.Key != 0 && Keys.TryGet(hit.Key, out var result)) return CreateDuplicate(hit, result);
        if (hit.Transaction != 0 && Keys.TryGet(hit.Transaction, out result))
        {
            // The message is new, the purchase is not: either identifies the next copy of this message.
            if (hit.Key != 0) Keys.Add(hit.Key, result, monotonicNow);
            return CreateDuplicate(hit, result);
        }
        var opened = !hit.Bot && (hit.Visitor == 0 || Visits.Touch(hit.Site, hit.Visitor, hit.Time, monotonicNow));
        var visits = opened ? counters.Increment(hit.Site, hit.Country, hit.Site.DayOf(hit.Time)) : 0;
        result = hit.Kind == HitKind.Visit ? EncodeResult(hit.Country, visits) : 0;
        if (hit.Key != 0) Keys.Add(hit.Key, result, monotonicNow);
        if (hit.Transaction != 0) Keys.Add(hit.Transaction, result, monotonicNow);
        return new HitOutcome(false, opened, hit.Country, visits);
    }

    /// <summary>Adds a hit that is already in the journal to its visit.</summary>
    /// <param name="monotonicNow">As for <see cref="Decide"/>.</param>
    public void WarmUp(in Hit hit, long monotonicNow)
    {
        if (!hit.Bot && hit.Visitor != 0) Visits.Touch(hit.Site, hit.Visitor, hit.Time, monotonicNow);
    }

    /// <summary>The transaction was committed: the decisions are final and visible.</summary>
    public void Commit()
    {
        Keys.Commit();
        Visits.Commit();
        counters.Publish();
    }

    /// <summary>The transaction failed: reverts all decisions.</summary>
    public void Rollback()
    {
        Keys.Rollback();
        Visits.Rollback();
        counters.Rollback();
    }

    /// <summary>The outcome of a bare visit, as stored with its key.</summary>
    public static ulong EncodeResult(Country country, long visits) => (ulong)country.Index << CountryShift | (ulong)visits;

    private static HitOutcome CreateDuplicate(in Hit hit, ulong result) => result == 0
        ? new HitOutcome(true, false, hit.Country, 0)
        : new HitOutcome(true, false, new Country((ushort)(result >> CountryShift)), (long)(result & ((1UL << CountryShift) - 1)));
}
