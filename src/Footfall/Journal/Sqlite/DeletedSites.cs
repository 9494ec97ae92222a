using System.Collections.Frozen;
using Footfall.Common;

namespace Footfall.Journal.Sqlite;

/// <summary>The sites whose data is being deleted, and up to which position: readers don't see their data in the journal.</summary>
internal sealed class DeletedSites
{
    private FrozenDictionary<string, (long Position, bool InHistory)> _sites = FrozenDictionary<string, (long, bool)>.Empty;

    /// <summary>The domains that the history must delete.</summary>
    public IReadOnlyList<string> PendingInHistory =>
        [.. Volatile.Read(ref _sites).Where(site => site.Value.InHistory).Select(site => site.Key)];

    /// <summary>All domains, and the last position to delete.</summary>
    public IReadOnlyList<(string Domain, long Position)> All =>
        [.. Volatile.Read(ref _sites).Select(site => (site.Key, site.Value.Position))];

    /// <summary>Whether a hit is to be deleted.</summary>
    public bool IsDeleted(Site site, long position)
    {
        var sites = Volatile.Read(ref _sites);
        return sites.Count > 0 && sites.TryGetValue(site.Domain, out var deleted) && position <= deleted.Position;
    }

    /// <summary>Reads them again.</summary>
    public void Load(SqliteStore store) => Volatile.Write(ref _sites, store.Query("SELECT domain, position, history FROM deletions")
        .ToFrozenDictionary(row => row.GetString(0), row => (row.GetInt64(1), row.GetInt64(2) == 0)));
}
