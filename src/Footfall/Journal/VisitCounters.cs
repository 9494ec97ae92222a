using System.IO.Hashing;
using System.Runtime.InteropServices;
using Footfall.Words;

namespace Footfall.Journal;

/// <summary>
/// Visits by site and country: all-time and of the site's day. One thread moves them; what others see changes only by
/// <see cref="Publish"/>, after the commit.
/// </summary>
internal sealed class VisitCounters
{
    /// <param name="Row">The row in the store, 0 before the first commit.</param>
    /// <param name="Visits">All-time.</param>
    /// <param name="Day">The site's local day that <paramref name="Today"/> counts, in days since 1970-01-01.</param>
    /// <param name="Today">Visits of that day.</param>
    internal record struct Cell(long Row, long Visits, int Day, long Today);

    internal readonly record struct Moved(Site Site, Country Country);

    private readonly List<(Moved Place, Cell Before)> _undo = [];
    private readonly List<Moved> _moved = [];
    private SiteCounters?[] _sites = new SiteCounters?[16];

    /// <summary>The cells that moved since the last <see cref="Publish"/> or <see cref="Undo"/>, each once.</summary>
    public List<Moved> Pending => _moved;

    /// <summary>
    /// A hash of all that is published: the same for the same counts, in whatever order they came. SQLite has no checksums, and a page that
    /// was damaged may still be read as other counts.
    /// </summary>
    public ulong Seal { get; private set; }

    /// <summary>What others see of a site: null before its first visit.</summary>
    public SiteCounters? Of(Site site)
    {
        var sites = Volatile.Read(ref _sites);
        return site.Index < sites.Length ? Volatile.Read(ref sites[site.Index]) : null;
    }

    public ref Cell Working(Moved place) => ref Writable(place.Site).Working[place.Country.Index];

    /// <summary>Counts one visit.</summary>
    /// <returns>The visits of the site and country, this one included.</returns>
    public long Increment(Site site, Country country, int day)
    {
        var counters = Writable(site);
        ref var cell = ref counters.Working[country.Index];
        ref var touched = ref counters.Touched[country.Index];
        if (!touched)
        {
            touched = true;
            var place = new Moved(site, country);
            _moved.Add(place);
            _undo.Add((place, cell));
        }
        cell.Visits++;
        if (day > cell.Day) (cell.Day, cell.Today) = (day, 0);
        if (day == cell.Day) cell.Today++;
        return cell.Visits;
    }

    /// <summary>Sets what the store holds, at the start.</summary>
    public void Load(Site site, Country country, Cell cell)
    {
        var counters = Writable(site);
        ref var working = ref counters.Working[country.Index];
        Seal ^= HashOf(new Moved(site, country), working) ^ HashOf(new Moved(site, country), cell);
        working = cell;
        counters.Publish(country);
    }

    /// <summary>Shows what moved to everybody.</summary>
    public void Publish()
    {
        foreach (var (place, before) in _undo)
        {
            var (site, country) = place;
            var counters = Writable(site);
            Seal ^= HashOf(place, before) ^ HashOf(place, counters.Working[country.Index]);
            counters.Touched[country.Index] = false;
            counters.Publish(country);
        }
        foreach (var (site, _) in _moved) Writable(site).NextVersion();
        Clear();
    }

    /// <summary>Takes back what moved, after a commit that failed.</summary>
    public void Undo()
    {
        foreach (var (place, before) in _undo)
        {
            var counters = Writable(place.Site);
            counters.Working[place.Country.Index] = before;
            counters.Touched[place.Country.Index] = false;
        }
        Clear();
    }

    /// <summary>Sets the counters of a site to nothing, at once for everybody: between commits only.</summary>
    public void Forget(Site site)
    {
        if (Of(site) is not { } counters) return;
        for (ushort index = 0; index < Country.Count; index++) Seal ^= HashOf(new Moved(site, new Country(index)), counters.Working[index]);
        counters.Forget();
    }

    /// <returns>0 for a counter that counts nothing, and has no row in the store.</returns>
    private static ulong HashOf(in Moved place, in Cell cell)
    {
        if (cell.Visits == 0) return 0;
        var site = XxHash3.HashToUInt64(place.Site.Utf8);
        ReadOnlySpan<ulong> parts = [site, place.Country.Index, (ulong)cell.Visits, (ulong)cell.Day, (ulong)cell.Today];
        return XxHash3.HashToUInt64(MemoryMarshal.AsBytes(parts));
    }

    private void Clear()
    {
        _moved.Clear();
        _undo.Clear();
    }

    private SiteCounters Writable(Site site)
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
