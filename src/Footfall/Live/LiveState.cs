using Footfall.Common;

namespace Footfall.Live;

/// <summary>
/// The live state of all sites, in memory. The journal's writer applies hits, the publisher takes snapshots: both hold the lock for
/// microseconds, and serialization and network I/O never happen under it.
/// </summary>
/// <param name="converter">Without it, orders in currencies other than the site's have no value.</param>
internal sealed class LiveState(TimeProvider time, ICurrencyConverter? converter = null) : ILiveState
{
    private readonly Lock _lock = new();
    private readonly ActiveVisitors _visitors = new();
    private bool _dailyStatsLoaded;
    private LiveSiteState?[] _sites = new LiveSiteState?[16];

    public void LoadCounter(Site site, Country country, long visits, int day, long today, long position = 0)
    {
        var now = LiveTime.Now(time);
        lock (_lock) GetOrAdd(site).LoadCounter(country, visits, day, today, now, position);
    }

    public void ReplaceCounters(Site site, IReadOnlyList<(Country Country, long Visits, long Today)> visits, int day, long position)
    {
        var now = LiveTime.Now(time);
        lock (_lock) GetOrAdd(site).ReplaceCounters(visits, day, now, position);
    }

    /// <summary>
    /// Adds the counts of a day from earlier runs of the program: none of the hits that <see cref="Apply"/> received as new.
    /// </summary>
    /// <param name="day">The site's local day, in days since 1970-01-01.</param>
    /// <param name="step">The step of <see cref="DayTimeline.StepMinutes"/> within the day.</param>
    public void LoadDailyStats(Site site, Country country, int day, int step, in DailyStats stats)
    {
        var now = LiveTime.Now(time);
        lock (_lock) GetOrAdd(site).LoadDailyStats(country, new(day, step), now, stats);
    }

    /// <summary>Marks all earlier counts as loaded, so that yesterday can be shown.</summary>
    public void MarkDailyStatsLoaded()
    {
        lock (_lock) _dailyStatsLoaded = true;
    }

    public void Apply(ReadOnlySpan<Hit> hits, ReadOnlySpan<HitOutcome> outcomes, bool replayed, ReadOnlySpan<byte> details = default,
        long position = 0)
    {
        var now = LiveTime.Now(time);
        Exception? failure = null;
        lock (_lock)
        {
            for (var i = 0; i < hits.Length; i++)
            {
                ref readonly var hit = ref hits[i];
                ref readonly var outcome = ref outcomes[i];
                var length = Math.Min(hit.DetailsLength, details.Length);
                try
                {
                    if (!hit.Bot && !outcome.Duplicate) GetOrAdd(hit.Site).Apply(hit, outcome, now, replayed, details[..length], position);
                }
                catch (Exception error)
                {
                    // The following hits are from other visitors and shops.
                    failure ??= error;
                }
                details = details[length..];
            }
        }
        if (failure is not null) throw new LiveUpdateException(failure);
    }

    public void RemoveSite(Site site)
    {
        lock (_lock)
        {
            if (site.Index < _sites.Length) _sites[site.Index]?.Clear();
        }
    }

    /// <summary>Takes a snapshot of a site.</summary>
    /// <param name="site">Null for a site without hits.</param>
    /// <param name="last">The previous snapshot.</param>
    /// <returns>False, and nothing copied, if nothing changed since <paramref name="last"/>.</returns>
    public bool TryCopy(Site? site, LiveSnapshot last, LiveSnapshot snapshot)
    {
        var now = LiveTime.Now(time);
        lock (_lock)
        {
            var state = site is not null && site.Index < _sites.Length ? _sites[site.Index] : null;
            var version = state?.Version ?? 0;
            var day = state?.DayOf(now) ?? 0;
            if (last.Version == version && last.Day == day && last.TakenAt.Step == now.Step && last.HasYesterday == _dailyStatsLoaded)
                return false;
            (snapshot.TakenAt, snapshot.Version, snapshot.Day, snapshot.HasYesterday, snapshot.Position) =
                (now, version, day, _dailyStatsLoaded, state?.Position ?? 0);
            if (state is null) snapshot.Clear();
            else state.CopyTo(snapshot, now);
            return true;
        }
    }

    private LiveSiteState GetOrAdd(Site site)
    {
        if (site.Index >= _sites.Length) Array.Resize(ref _sites, Math.Max(site.Index + 1, _sites.Length * 2));
        return _sites[site.Index] ??= new LiveSiteState(site, _visitors, converter);
    }
}
