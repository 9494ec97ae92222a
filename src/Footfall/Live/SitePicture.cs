using System.Runtime.CompilerServices;
using Footfall.Words;

namespace Footfall.Live;

/// <summary>
/// The live picture of one site. Countries get a slot in the order of their first hit: a site has visits from a few of the 676 pairs of letters,
/// and there may be a thousand sites. Not safe for several threads: <see cref="LivePicture"/> locks.
/// </summary>
internal sealed class SitePicture(Site site, SeenVisitors visitors)
{
    private const ushort None = ushort.MaxValue;

    private readonly ushort[] _slots = NewSlots();
    private readonly Tally<int> _minutes = new(Moment.Minutes, 48);
    private readonly Tally<int> _active = new(Moment.Steps, 80);
    private readonly Tally<long> _days = new(1, 4);
    private Country[] _countries = [];
    private long[] _total = [];
    private int _count;
    private MinuteAndDay _hits = new(long.MinValue, 0), _now = new(long.MinValue, 0);

    private readonly record struct MinuteAndDay(long Minute, int Day);

    /// <summary>Grows with everything that may change what is shown.</summary>
    public long Version { get; private set; }

    /// <summary>Sets what the store holds.</summary>
    public void Load(Country country, long visits, int day, long today, Moment now)
    {
        var slot = SlotOf(country);
        _total[slot] = visits;
        _days.Add(day, DayOf(now.Minute, ref _now), slot, today);
        Version++;
    }

    /// <summary>Takes a hit that is neither a duplicate nor a robot's.</summary>
    public void Fold(in Hit hit, in Outcome outcome, Moment now, bool replayed)
    {
        var slot = SlotOf(hit.Country);
        var time = new Moment(hit.Time);
        if (outcome.OpenedVisit)
        {
            _minutes.Add(time.Minute, now.Minute, slot, 1);
            if (!replayed)
            {
                _total[slot] = outcome.Visits;
                _days.Add(DayOf(time.Minute, ref _hits), DayOf(now.Minute, ref _now), slot, 1);
            }
        }
        if (time.Step > now.Step - Moment.Steps) Touch(hit.Visitor, time.Step, now.Step, slot);
        Version++;
    }

    /// <summary>Sets all counts to 0. The countries keep their slots: a watcher who has seen them is told of each that it is 0 now.</summary>
    public void Clear()
    {
        Array.Clear(_total);
        _minutes.Clear();
        _active.Clear();
        _days.Clear();
        Version++;
    }

    /// <summary>The site's local day at a moment, in days since 1970-01-01.</summary>
    public int DayOf(Moment now) => DayOf(now.Minute, ref _now);

    /// <summary>Copies what is shown at a moment.</summary>
    public void CopyTo(PictureCopy copy, Moment now)
    {
        copy.Resize(_count);
        _countries.AsSpan(0, _count).CopyTo(copy.Countries);
        _total.AsSpan(0, _count).CopyTo(copy.Total);
        _days.CopyTo(DayOf(now), copy.Today);
        _active.SumTo(now.Step, copy.Active);
        for (var minute = now.Minute - Moment.Minutes + 1; minute <= now.Minute; minute++) _minutes.CopyTo(minute, copy.VisitsOf(minute, now.Minute));
    }

    private void Touch(ulong visitor, long step, long now, int slot)
    {
        if (visitor != 0)
        {
            ref var seen = ref visitors.Find(site.Index, visitor, now);
            if (!Unsafe.IsNullRef(ref seen))
            {
                // A late hit tells nothing new, unless the clock went back and the step known lies in the future.
                var nothingNew = step < seen.Step ? seen.Step <= now : step == seen.Step && slot == seen.Slot;
                if (nothingNew && _active.Holds(seen.Step, seen.Stamp)) return;
                _active.TakeBack(seen.Step, seen.Stamp, seen.Slot);
                seen = new SeenVisitors.Place(step, _active.Add(step, now, slot, 1), slot);
                return;
            }
        }
        _active.Add(step, now, slot, 1);
    }

    private int SlotOf(Country country)
    {
        var slot = _slots[country.Index];
        return slot != None ? slot : NewSlot(country);
    }

    private int NewSlot(Country country)
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

    /// <summary>A day begins at a whole minute everywhere, and asking a time zone costs as much as all else that a hit costs: once a minute is enough.</summary>
    private int DayOf(long minute, ref MinuteAndDay last)
    {
        if (minute != last.Minute) last = new MinuteAndDay(minute, site.DayOf(minute * Moment.MillisecondsPerMinute));
        return last.Day;
    }

    private static ushort[] NewSlots()
    {
        var slots = new ushort[Country.Count];
        Array.Fill(slots, None);
        return slots;
    }
}
