using Footfall.Common;

namespace Footfall.Live;

/// <summary>How the journal updates the live state. All calls come from the journal's single writer, in commit order.</summary>
internal interface ILiveState
{
    /// <summary>Loads a stored counter at startup.</summary>
    /// <param name="visits">All-time visits.</param>
    /// <param name="day">The site's local day that <paramref name="today"/> counts, in days since 1970-01-01.</param>
    /// <param name="position">The journal position of the counter, the same on all nodes; 0 with a single node.</param>
    void LoadCounter(Site site, Country country, long visits, int day, long today, long position = 0);

    /// <summary>Replaces all visits of a site with those of the store: countries that are missing have none anymore.</summary>
    /// <param name="visits">All-time and of the day, by country.</param>
    /// <param name="day">As for <see cref="LoadCounter"/>.</param>
    void ReplaceCounters(Site site, IReadOnlyList<(Country Country, long Visits, long Today)> visits, int day, long position);

    /// <summary>Applies committed hits: live ones, and at startup those of the last half hour.</summary>
    /// <param name="outcomes">One per hit. <see cref="HitOutcome.Visits"/> is 0 during replay.</param>
    /// <param name="details">The details of all hits in sequence: <see cref="Hit.DetailsLength"/> bytes each.</param>
    /// <param name="position">As for <see cref="LoadCounter"/>: that of the commit.</param>
    /// <exception cref="LiveUpdateException">A hit could not be shown; all others are.</exception>
    void Apply(ReadOnlySpan<Hit> hits, ReadOnlySpan<HitOutcome> outcomes, bool replayed, ReadOnlySpan<byte> details = default,
        long position = 0);

    /// <summary>Removes a site whose data was deleted.</summary>
    void RemoveSite(Site site);
}
