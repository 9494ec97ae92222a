using Footfall.Words;

namespace Footfall.Live;

/// <summary>
/// The live picture of all sites, in memory. The journal's writer folds hits into it, the publisher copies what is shown: both hold the lock
/// for microseconds, and nobody serialises or writes to a network while it is held.
/// </summary>
internal sealed class LivePicture(TimeProvider time) : ILive
{
    private readonly Lock _lock = new();
    private readonly SeenVisitors _visitors = new();
    private SitePicture?[] _sites = new SitePicture?[16];

    public void Load(Site site, Country country, long visits, int day, long today)
    {
        var now = Moment.Now(time);
        lock (_lock) Of(site).Load(country, visits, day, today, now);
    }

    public void Fold(ReadOnlySpan<Hit> hits, ReadOnlySpan<Outcome> outcomes, bool replayed)
    {
        var now = Moment.Now(time);
        lock (_lock)
        {
            for (var i = 0; i < hits.Length; i++)
            {
                ref readonly var hit = ref hits[i];
                ref readonly var outcome = ref outcomes[i];
                if (!hit.Bot && !outcome.Duplicate) Of(hit.Site).Fold(hit, outcome, now, replayed);
            }
        }
    }

    public void Forget(Site site)
    {
        lock (_lock)
        {
            if (site.Index < _sites.Length) _sites[site.Index]?.Clear();
        }
    }

    /// <summary>Copies what is shown of a site now.</summary>
    /// <param name="site">Null for one that never had a hit.</param>
    /// <param name="last">The copy before.</param>
    /// <returns>False, and nothing copied, if all of it is as in <paramref name="last"/>.</returns>
    public bool Read(Site? site, PictureCopy last, PictureCopy copy)
    {
        var now = Moment.Now(time);
        lock (_lock)
        {
            var picture = site is not null && site.Index < _sites.Length ? _sites[site.Index] : null;
            var version = picture?.Version ?? 0;
            var day = picture?.DayOf(now) ?? 0;
            if (last.Version == version && last.Day == day && last.Taken.Step == now.Step) return false;
            (copy.Taken, copy.Version, copy.Day) = (now, version, day);
            if (picture is null) copy.Resize(0);
            else picture.CopyTo(copy, now);
            return true;
        }
    }

    private SitePicture Of(Site site)
    {
        if (site.Index >= _sites.Length) Array.Resize(ref _sites, Math.Max(site.Index + 1, _sites.Length * 2));
        return _sites[site.Index] ??= new SitePicture(site, _visitors);
    }
}
