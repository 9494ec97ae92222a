using Footfall.Common;

namespace Footfall.Live;

/// <summary>What the journal tells the live picture. All calls come from the journal's one writer, in the order of the commits.</summary>
internal interface ILiveState
{
    /// <summary>What the store holds at the start.</summary>
    /// <param name="visits">All-time visits.</param>
    /// <param name="day">The site's local day that <paramref name="today"/> counts, in days since 1970-01-01.</param>
    /// <param name="position">How far the journal is that this is of, where several nodes show it: the same on all of them. 0 where there
    /// is one node.</param>
    void LoadCounter(Site site, Country country, long visits, int day, long today, long position = 0);

    /// <summary>
    /// Sets what the store holds of a site, in place of all that was known of its visits: countries that are not there have none any more.
    /// </summary>
    /// <param name="visits">All-time and of the day, by country.</param>
    /// <param name="day">As for <see cref="LoadCounter"/>.</param>
    void ReplaceCounters(Site site, IReadOnlyList<(Country Country, long Visits, long Today)> visits, int day, long position);

    /// <summary>Takes committed hits: live ones, and at the start those of the last half hour.</summary>
    /// <param name="outcomes">As many as hits. <see cref="HitOutcome.Visits"/> is 0 where replayed.</param>
    /// <param name="details">Those of all hits, one after the other: <see cref="Hit.DetailsLength"/> bytes each.</param>
    /// <param name="position">As for <see cref="LoadCounter"/>: that of the commit.</param>
    /// <exception cref="LiveUpdateException">A hit could not be shown; all others are.</exception>
    void Apply(ReadOnlySpan<Hit> hits, ReadOnlySpan<HitOutcome> outcomes, bool replayed, ReadOnlySpan<byte> details = default,
        long position = 0);

    /// <summary>The data of a site was deleted: nothing of it is shown any more.</summary>
    void RemoveSite(Site site);
}
