using System.Runtime.CompilerServices;
using Footfall.Words;

namespace Footfall.Live;

/// <summary>
/// The live picture of one site. Countries get a slot in the order of their first hit: a site has visits from a few of the 676 pairs of letters,
/// and there may be a thousand sites. Not safe for several threads: <see cref="LivePicture"/> locks.
/// </summary>
internal sealed class SitePicture(Site site, SeenVisitors visitors, IExchange? exchange)
{
    private const ushort None = ushort.MaxValue;

    /// <summary>Of <see cref="Moment.Step"/>, in a step of <see cref="SiteDay"/>: all time zones are whole multiples of five minutes away from UTC.</summary>
    private const long StepsOfDay = SiteDay.StepMinutes * Moment.MillisecondsPerMinute / Moment.MillisecondsPerStep;

    private readonly ushort[] _slots = NewSlots();
    private readonly Tally<int> _minutes = new(Moment.Minutes, 48);
    private readonly Tally<int> _active = new(Moment.Steps, 80);
    private readonly Tally<long> _days = new(1, 4);
    private readonly SiteDays _figures = new(site);
    private readonly LatestHits _latest = new();
    private Country[] _countries = [];
    private long[] _total = [];
    private int _count;

    /// <summary>Grows with everything that may change what is shown.</summary>
    public long Version { get; private set; }

    /// <summary>How far the journal is that this shows: the same on all nodes.</summary>
    public long Place { get; private set; }

    /// <summary>Sets what the store holds.</summary>
    public void Load(Country country, long visits, int day, long today, Moment now, long place)
    {
        Place = Math.Max(Place, place);
        var slot = SlotOf(country);
        _total[slot] = visits;
        _days.Add(day, DayOf(now), slot, today);
        Version++;
    }

    /// <summary>Sets what the store holds, and takes away what it does not hold. The countries keep their slots, as with <see cref="Clear"/>.</summary>
    public void Reload(IReadOnlyList<(Country Country, long Visits, long Today)> visits, int day, Moment now, long place)
    {
        Array.Clear(_total);
        _days.Clear();
        foreach (var (country, all, today) in visits) Load(country, all, day, today, now, place);
        // What the journal has lost, it may have gone back behind.
        Place = place;
        Version++;
    }

    /// <summary>Takes a hit that is neither a duplicate nor a robot's.</summary>
    /// <param name="bytes">Its details.</param>
    public void Fold(in Hit hit, in Outcome outcome, Moment now, bool replayed, ReadOnlySpan<byte> bytes, long place)
    {
        Place = Math.Max(Place, place);
        var slot = SlotOf(hit.Country);
        var time = new Moment(hit.Time);
        if (outcome.OpenedVisit)
        {
            _minutes.Add(time.Minute, now.Minute, slot, 1);
            if (!replayed)
            {
                _total[slot] = outcome.Visits;
                _days.Add(_figures.Of(time).Day, DayOf(now), slot, 1);
            }
        }
        var appeared = Touch(hit.Visitor, time, now, slot);
        // What the figures of the day need stands in few hits' details, and what is shown of a hit is bounded: most details are not read.
        // Those of a replay are divided by when they happened: it may bring millions in a second.
        var shown = _latest.Takes(hit.Kind, replayed ? time : now);
        var details = shown || hit.Kind == HitKind.Purchase ? HitDetails.Read(bytes, bytes.IsEmpty ? 0 : hit.DetailsCount) : default;
        if (!replayed) Count(hit, outcome.OpenedVisit, appeared, details, now, slot);
        // How long a page was looked at is told when it is left: nothing happens in the shop then.
        if (shown && details.Name != "engagement") _latest.Add(hit, details, outcome.OpenedVisit);
        Version++;
    }

    /// <summary>Adds what an earlier run of the program counted.</summary>
    public void LoadFigures(Country country, SiteDays.LocalTime at, Moment now, in Figures figures)
    {
        _figures.Add(at, _figures.Now(now), SlotOf(country), figures);
        Version++;
    }

    private void Count(in Hit hit, bool opened, bool appeared, in HitDetails details, Moment now, int slot)
    {
        Figures figures = default;
        if (opened) figures.Add(Figure.Visits, 1);
        if (appeared) figures.Add(Figure.Active, 1);
        var at = _figures.Of(new Moment(hit.Time));
        switch (hit.Kind)
        {
            case HitKind.PageView: figures.Add(Figure.Pageviews, 1); break;
            case HitKind.AddToCart: figures.Add(Figure.Carts, 1); break;
            case HitKind.BeginCheckout: figures.Add(Figure.Checkouts, 1); break;
            case HitKind.Purchase:
                figures.Add(Figure.Orders, 1);
                figures.Add(Figure.Revenue, Worth(details, at.Day));
                break;
        }
        _figures.Add(at, _figures.Now(now), slot, figures);
    }

    /// <summary>In millionths of the site's currency; 0 where no rate is known.</summary>
    private long Worth(in HitDetails details, int day)
    {
        var amount = details.Value ?? details.ItemsValue ?? 0;
        return Figures.Millionths(exchange.Worth(amount, details.Currency, site, day));
    }

    /// <summary>Sets all counts to 0. The countries keep their slots: a watcher who has seen them is told of each that it is 0 now.</summary>
    public void Clear()
    {
        Array.Clear(_total);
        _minutes.Clear();
        _active.Clear();
        _days.Clear();
        _figures.Clear();
        _latest.Clear();
        Version++;
    }

    /// <summary>The site's local day at a moment, in days since 1970-01-01.</summary>
    public int DayOf(Moment now) => _figures.Now(now).Day;

    /// <summary>Copies what is shown at a moment.</summary>
    public void CopyTo(PictureCopy copy, Moment now)
    {
        copy.Resize(_count);
        _countries.AsSpan(0, _count).CopyTo(copy.Countries);
        _total.AsSpan(0, _count).CopyTo(copy.Total);
        _days.CopyTo(DayOf(now), copy.Today);
        _active.SumTo(now.Step, copy.Active);
        _figures.CopyTo(_figures.Now(now), copy.FiguresToday, copy.FiguresYesterday);
        _latest.CopyTo(copy.Latest);
        for (var minute = now.Minute - Moment.Minutes + 1; minute <= now.Minute; minute++) _minutes.CopyTo(minute, copy.VisitsOf(minute, now.Minute));
    }

    /// <returns>Whether the visitor has no other hit in the same step of the day.</returns>
    private bool Touch(ulong visitor, Moment hit, Moment moment, int slot)
    {
        var (step, now) = (hit.Step, moment.Step);
        if (step <= now - Moment.Steps) return false;
        if (visitor != 0)
        {
            ref var seen = ref visitors.Find(site.Index, visitor, now);
            if (!Unsafe.IsNullRef(ref seen))
            {
                // A late hit tells nothing new, unless the clock went back and the step known lies in the future.
                var nothingNew = step < seen.Step ? seen.Step <= now : step == seen.Step && slot == seen.Slot;
                if (nothingNew && _active.Holds(seen.Step, seen.Stamp)) return false;
                var appeared = seen.Stamp == 0 || seen.Step / StepsOfDay != step / StepsOfDay;
                _active.TakeBack(seen.Step, seen.Stamp, seen.Slot);
                seen = new SeenVisitors.Place(step, _active.Add(step, now, slot, 1), slot);
                return appeared;
            }
        }
        _active.Add(step, now, slot, 1);
        return true;
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

    private static ushort[] NewSlots()
    {
        var slots = new ushort[Country.Count];
        Array.Fill(slots, None);
        return slots;
    }
}
