using Footfall.Words;

namespace Footfall.Live;

/// <summary>What the journal tells the live picture. All calls come from the journal's one writer, in the order of the commits.</summary>
internal interface ILive
{
    /// <summary>What the store holds at the start.</summary>
    /// <param name="visits">All-time visits.</param>
    /// <param name="day">The site's local day that <paramref name="today"/> counts, in days since 1970-01-01.</param>
    /// <param name="place">How far the journal is that this is of, where several nodes show it: the same on all of them. 0 where there is one node.</param>
    void Load(Site site, Country country, long visits, int day, long today, long place = 0);

    /// <summary>Sets what the store holds of a site, in place of all that was known of its visits: countries that are not there have none any more.</summary>
    /// <param name="visits">All-time and of the day, by country.</param>
    /// <param name="day">As for <see cref="Load"/>.</param>
    void Reload(Site site, IReadOnlyList<(Country Country, long Visits, long Today)> visits, int day, long place);

    /// <summary>Takes committed hits: live ones, and at the start those of the last half hour.</summary>
    /// <param name="outcomes">As many as hits. <see cref="Outcome.Visits"/> is 0 where replayed.</param>
    /// <param name="details">Those of all hits, one after the other: <see cref="Hit.DetailsLength"/> bytes each.</param>
    /// <param name="place">As for <see cref="Load"/>: that of the commit.</param>
    /// <exception cref="FoldException">A hit could not be shown; all others are.</exception>
    void Fold(ReadOnlySpan<Hit> hits, ReadOnlySpan<Outcome> outcomes, bool replayed, ReadOnlySpan<byte> details = default, long place = 0);

    /// <summary>The data of a site was deleted: nothing of it is shown any more.</summary>
    void Forget(Site site);
}
