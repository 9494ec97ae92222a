using Footfall.Common;

namespace Footfall.Journal;

/// <summary>The visits of one site by country.</summary>
internal sealed class SiteCounters
{
    private readonly long[] _visits = new long[Country.Count];
    private readonly long[] _today = new long[Country.Count];
    private readonly int[] _day = new int[Country.Count];
    private long _version;

    /// <summary>The writer's own view, ahead of what is committed.</summary>
    internal VisitCounters.Cell[] Working { get; } = new VisitCounters.Cell[Country.Count];

    internal bool[] Touched { get; } = new bool[Country.Count];

    /// <summary>Grows with every commit that changed a counter of the site: read it before the counters.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>All-time visits from a country.</summary>
    public long Visits(Country country) => Volatile.Read(ref _visits[country.Index]);

    /// <summary>Visits of one local day from a country; 0 if the last visit was on another day.</summary>
    public long VisitsOn(int day, Country country) =>
        Volatile.Read(ref _day[country.Index]) == day ? Volatile.Read(ref _today[country.Index]) : 0;

    internal void Publish(Country country)
    {
        ref readonly var cell = ref Working[country.Index];
        Volatile.Write(ref _visits[country.Index], cell.Visits);
        Volatile.Write(ref _today[country.Index], cell.Today);
        Volatile.Write(ref _day[country.Index], cell.Day);
    }

    /// <summary>
    /// Sets all counts from a store that several nodes write. Called by one thread at a time; <see cref="Version"/> stays the same if
    /// nothing changed.
    /// </summary>
    /// <param name="visits">All-time visits by the index of a country.</param>
    internal void Replace(ReadOnlySpan<long> visits)
    {
        if (visits.SequenceEqual(_visits)) return;
        for (var i = 0; i < visits.Length; i++) Volatile.Write(ref _visits[i], visits[i]);
        IncrementVersion();
    }

    internal void Reset()
    {
        Array.Clear(Working);
        for (ushort index = 0; index < Country.Count; index++) Publish(new Country(index));
        IncrementVersion();
    }

    internal void IncrementVersion() => Volatile.Write(ref _version, _version + 1);
}
