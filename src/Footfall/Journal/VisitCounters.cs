using System.IO.Hashing;
using System.Runtime.InteropServices;
using Footfall.Common;

namespace Footfall.Journal;

/// <summary>
/// Visits by site and country: all-time and of the site's day. One thread updates them; others see changes only after
/// <see cref="Publish"/>, after the commit.
/// </summary>
internal sealed class VisitCounters
{
    /// <param name="RowId">The row in the store, 0 before the first commit.</param>
    /// <param name="Visits">All-time.</param>
    /// <param name="Day">The site's local day that <paramref name="Today"/> counts, in days since 1970-01-01.</param>
    /// <param name="Today">Visits of that day.</param>
    internal record struct Cell(long RowId, long Visits, int Day, long Today);

    internal readonly record struct CounterKey(Site Site, Country Country);

    private readonly List<(CounterKey Place, Cell Before)> _undo = [];
    private readonly List<CounterKey> _moved = [];
    private SiteCounters?[] _sites = new SiteCounters?[16];

    /// <summary>The cells that changed since the last <see cref="Publish"/> or <see cref="Rollback"/>, each once.</summary>
    public List<CounterKey> Pending => _moved;

    /// <summary>
    /// A hash of all published counts, independent of their order. SQLite has no checksums, and a damaged page may still be read as other
    /// counts.
    /// </summary>
    public ulong Checksum { get; private set; }

    /// <summary>The published counters of a site; null before its first visit.</summary>
    public SiteCounters? Find(Site site)
    {
        var sites = Volatile.Read(ref _sites);
        return site.Index < sites.Length ? Volatile.Read(ref sites[site.Index]) : null;
    }

    public ref Cell GetWorkingCell(CounterKey key) => ref GetOrAdd(key.Site).Working[key.Country.Index];

    /// <summary>Counts one visit.</summary>
    /// <returns>The visits of the site and country, this one included.</returns>
    public long Increment(Site site, Country country, int day)
    {
        var counters = GetOrAdd(site);
        ref var cell = ref counters.Working[country.Index];
        ref var touched = ref counters.Touched[country.Index];
        if (!touched)
        {
            touched = true;
            var key = new CounterKey(site, country);
            _moved.Add(key);
            _undo.Add((key, cell));
        }
        cell.Visits++;
        if (day > cell.Day) (cell.Day, cell.Today) = (day, 0);
        if (day == cell.Day) cell.Today++;
        return cell.Visits;
    }

    /// <summary>Loads a stored counter at startup.</summary>
    public void Load(Site site, Country country, Cell cell)
    {
        var counters = GetOrAdd(site);
        ref var working = ref counters.Working[country.Index];
        Checksum ^= HashCell(new CounterKey(site, country), working) ^ HashCell(new CounterKey(site, country), cell);
        working = cell;
        counters.Publish(country);
    }

    /// <summary>Publishes the changes.</summary>
    public void Publish()
    {
        foreach (var (key, before) in _undo)
        {
            var (site, country) = key;
            var counters = GetOrAdd(site);
            Checksum ^= HashCell(key, before) ^ HashCell(key, counters.Working[country.Index]);
            counters.Touched[country.Index] = false;
            counters.Publish(country);
        }
        foreach (var (site, _) in _moved) GetOrAdd(site).IncrementVersion();
        Clear();
    }

    /// <summary>Reverts the changes, after a failed commit.</summary>
    public void Rollback()
    {
        foreach (var (key, before) in _undo)
        {
            var counters = GetOrAdd(key.Site);
            counters.Working[key.Country.Index] = before;
            counters.Touched[key.Country.Index] = false;
        }
        Clear();
    }

    /// <summary>Resets the counters of a site immediately; only between commits.</summary>
    public void Reset(Site site)
    {
        if (Find(site) is not { } counters) return;
        for (ushort index = 0; index < Country.Count; index++)
            Checksum ^= HashCell(new CounterKey(site, new Country(index)), counters.Working[index]);
        counters.Reset();
    }

    /// <returns>0 for an empty counter, which has no row in the store.</returns>
    private static ulong HashCell(in CounterKey key, in Cell cell)
    {
        if (cell.Visits == 0) return 0;
        var site = XxHash3.HashToUInt64(key.Site.Utf8);
        ReadOnlySpan<ulong> parts = [site, key.Country.Index, (ulong)cell.Visits, (ulong)cell.Day, (ulong)cell.Today];
        return XxHash3.HashToUInt64(MemoryMarshal.AsBytes(parts));
    }

    private void Clear()
    {
        _moved.Clear();
        _undo.Clear();
    }

    private SiteCounters GetOrAdd(Site site)
    {
        if (site.Index >= _sites.Length)
        {
            var larger = new SiteCounters?[Math.Max(site.Index + 1, _sites.Length * 2)];
            _sites.CopyTo(larger, 0);
            Volatile.Write(ref _sites, larger);
        }
        if (_sites[site.Index] is { } known) return known;
        var created = new SiteCounters();
        Volatile.Write(ref _sites[site.Index], created);
        return created;
    }
}
