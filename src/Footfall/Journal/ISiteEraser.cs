namespace Footfall.Journal;

/// <summary>
/// Deletes the data of a site from the journal: what there is of it when it begins. It survives a crash, and others are counted meanwhile.
/// </summary>
internal interface ISiteEraser
{
    /// <summary>The domains whose deletion has begun and not ended.</summary>
    IReadOnlyList<string> Pending { get; }

    /// <summary>
    /// Takes away what is seen of a site, and notes that the rest has to go, for good. The history takes nothing meanwhile.
    /// </summary>
    /// <returns>The visits that were counted.</returns>
    long Begin(string domain);

    /// <summary>Takes away the rest.</summary>
    /// <param name="serving">Whether requests come in meanwhile.</param>
    /// <returns>The hits that the journal still had, as far as they are known, and whether their space is given back.</returns>
    Task<(long Hits, bool Freed)> EraseAsync(string domain, bool serving);
}
