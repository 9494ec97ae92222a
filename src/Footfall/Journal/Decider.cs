using Footfall.Words;

namespace Footfall.Journal;

/// <summary>Decides, hit by hit and on one thread, what is a duplicate and what opens a visit. Nothing stands until <see cref="Keep"/>.</summary>
internal sealed class Decider(VisitCounters counters)
{
    private const int CountryShift = 48;

    public VisitCounters Counters => counters;

    public OpenVisits Visits { get; } = new();

    public SeenKeys Keys { get; } = new();

    /// <param name="steady">When the hit arrived, by <see cref="JournalClock.Steady"/>: a jump of the wall clock must not make forget what is open.</param>
    public Outcome Decide(in Hit hit, long steady)
    {
        if (hit.Key != 0 && Keys.TryGet(hit.Key, out var answer)) return Repeat(hit, answer);
        if (hit.Transaction != 0 && Keys.TryGet(hit.Transaction, out answer))
        {
            // The message is new, the purchase is not: the next copy of this message is recognised by either.
            if (hit.Key != 0) Keys.Add(hit.Key, answer, steady);
            return Repeat(hit, answer);
        }
        var opened = !hit.Bot && (hit.Visitor == 0 || Visits.Touch(hit.Site, hit.Visitor, hit.Time, steady));
        var visits = opened ? counters.Increment(hit.Site, hit.Country, hit.Site.DayOf(hit.Time)) : 0;
        answer = hit.Kind == HitKind.Visit ? Answer(hit.Country, visits) : 0;
        if (hit.Key != 0) Keys.Add(hit.Key, answer, steady);
        if (hit.Transaction != 0) Keys.Add(hit.Transaction, answer, steady);
        return new Outcome(false, opened, hit.Country, visits);
    }

    /// <summary>Notes a hit that is in the journal already, for the visit that it belongs to.</summary>
    /// <param name="steady">As for <see cref="Decide"/>.</param>
    public void Seed(in Hit hit, long steady)
    {
        if (!hit.Bot && hit.Visitor != 0) Visits.Touch(hit.Site, hit.Visitor, hit.Time, steady);
    }

    /// <summary>The transaction was committed: what was decided stands and is shown.</summary>
    public void Keep()
    {
        Keys.Keep();
        Visits.Keep();
        counters.Publish();
    }

    /// <summary>The transaction failed: nothing of it happened.</summary>
    public void Undo()
    {
        Keys.Undo();
        Visits.Undo();
        counters.Undo();
    }

    /// <summary>The answer to a bare visit, as kept beside its key.</summary>
    public static ulong Answer(Country country, long visits) => (ulong)country.Index << CountryShift | (ulong)visits;

    private static Outcome Repeat(in Hit hit, ulong answer) => answer == 0
        ? new Outcome(true, false, hit.Country, 0)
        : new Outcome(true, false, new Country((ushort)(answer >> CountryShift)), (long)(answer & ((1UL << CountryShift) - 1)));
}
