namespace Footfall.Journal;

/// <summary>
/// Deletes the data of a site from the journal, as of the start. The deletion survives a crash; other sites are counted meanwhile.
/// </summary>
internal interface ISiteEraser
{
    /// <summary>The domains whose deletion is in progress.</summary>
    IReadOnlyList<string> Pending { get; }

    /// <summary>
    /// Removes the visible data of a site and records durably that the rest must be deleted. The history takes no hits meanwhile.
    /// </summary>
    /// <returns>The visits that were counted.</returns>
    long Begin(string domain);

    /// <summary>Deletes the rest.</summary>
    /// <param name="serving">Whether requests come in meanwhile.</param>
    /// <returns>The number of hits in the journal, if known, and whether their space was freed.</returns>
    Task<(long Hits, bool Freed)> EraseAsync(string domain, bool serving);
}
