using Footfall.Words;

namespace Footfall.Live;

/// <summary>
/// The live picture of all sites, in memory. The journal's writer folds hits into it, the publisher copies what is shown: both hold the lock
/// for microseconds, and nobody serialises or writes to a network while it is held.
/// </summary>
/// <param name="exchange">Where it is absent, orders in other currencies than the site's have no worth.</param>
internal sealed class LivePicture(TimeProvider time, IExchange? exchange = null) : ILive
{
    private readonly Lock _lock = new();
    private readonly SeenVisitors _visitors = new();
    private bool _complete;
    private SitePicture?[] _sites = new SitePicture?[16];

    public void Load(Site site, Country country, long visits, int day, long today, long place = 0)
    {
        var now = Moment.Now(time);
        lock (_lock) Of(site).Load(country, visits, day, today, now, place);
    }

    public void Reload(Site site, IReadOnlyList<(Country Country, long Visits, long Today)> visits, int day, long place)
    {
        var now = Moment.Now(time);
        lock (_lock) Of(site).Reload(visits, day, now, place);
    }

    /// <summary>Takes what an earlier run of the program counted of a day: none of the hits that <see cref="Fold"/> got as not replayed.</summary>
    /// <param name="day">The site's local day, in days since 1970-01-01.</param>
    /// <param name="step">The step of <see cref="SiteDay.StepMinutes"/> within the day.</param>
    public void LoadFigures(Site site, Country country, int day, int step, in Figures figures)
    {
        var now = Moment.Now(time);
        lock (_lock) Of(site).LoadFigures(country, new(day, step), now, figures);
    }

    /// <summary>From now on all earlier figures are there, so that yesterday can be shown.</summary>
    public void FiguresLoaded()
    {
        lock (_lock) _complete = true;
    }

    public void Fold(ReadOnlySpan<Hit> hits, ReadOnlySpan<Outcome> outcomes, bool replayed, ReadOnlySpan<byte> details = default, long place = 0)
    {
        var now = Moment.Now(time);
        Exception? defect = null;
        lock (_lock)
        {
            for (var i = 0; i < hits.Length; i++)
            {
                ref readonly var hit = ref hits[i];
                ref readonly var outcome = ref outcomes[i];
                var length = Math.Min(hit.DetailsLength, details.Length);
                try
                {
                    if (!hit.Bot && !outcome.Duplicate) Of(hit.Site).Fold(hit, outcome, now, replayed, details[..length], place);
                }
                catch (Exception error)
                {
                    // The hits behind it are of other visitors, and of other shops.
                    defect ??= error;
                }
                details = details[length..];
            }
        }
        if (defect is not null) throw new FoldException(defect);
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
            if (last.Version == version && last.Day == day && last.Taken.Step == now.Step && last.Complete == _complete) return false;
            (copy.Taken, copy.Version, copy.Day, copy.Complete, copy.Place) = (now, version, day, _complete, picture?.Place ?? 0);
            if (picture is null) copy.Clear();
            else picture.CopyTo(copy, now);
            return true;
        }
    }

    private SitePicture Of(Site site)
    {
        if (site.Index >= _sites.Length) Array.Resize(ref _sites, Math.Max(site.Index + 1, _sites.Length * 2));
        return _sites[site.Index] ??= new SitePicture(site, _visitors, exchange);
    }
}
