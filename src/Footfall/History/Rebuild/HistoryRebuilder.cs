using System.Globalization;
using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History.Projection;
using Footfall.History.Schema;
using Microsoft.Extensions.Options;

namespace Footfall.History.Rebuild;

/// <summary>
/// Rebuilds the history from hit exports next to the old one, and replaces the old one when complete. This process owns the journal: no
/// server runs on the data. All days stay open: the server rolls them up later and queries the hits meanwhile, which keeps the downtime
/// short.
/// </summary>
internal sealed class HistoryRebuilder(IHitSource source, KeyHasher keys, IOptions<FootfallOptions> options, TimeProvider time)
{
    private readonly StringTable _texts = new();
    private readonly List<HitRow> _rows = [];
    private readonly Dictionary<string, int> _siteNumbers = [];
    private long _lastVisit, _lastVisitor, _hits;

    /// <summary>The rows per transaction; more only if one commit has more.</summary>
    /// <value>From 1. Default 50,000: about 50 MB.</value>
    public int BatchSize { get; init; } = 50_000;

    /// <param name="files">Exports, in any order. A hit in several files counts once.</param>
    /// <param name="countedSites">The sites that the journal has counted.</param>
    /// <param name="allowMissing">Whether exports of some of these sites may be missing.</param>
    /// <exception cref="RebuildException">No history can be built from the files.</exception>
    public RebuildSummary Run(IReadOnlyList<string> files, IReadOnlyCollection<string> countedSites, bool allowMissing,
        IProgress<RebuildProgress> progress, CancellationToken cancellationToken)
    {
        var path = Path.Combine(options.Value.DataDirectory, HistoryDatabase.FileName);
        var building = path + ".rebuilding";
        using var staging = new StagingDatabase(building + ".staging", options.Value.History);
        var exports = files.Select(file => ExportFile.Open(file, staging.Connection)).ToList();
        var rows = 0L;
        for (var i = 0; i < exports.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress.Report(new($"reading {Path.GetFileName(exports[i].Path)}", rows));
            rows += staging.Load(exports[i], i);
        }
        var cutoff = RebuildCutoff.Find(staging.ReadMarks(), files, source);
        var days = staging.ReadDays();
        if (!allowMissing) CheckSites(days.Select(day => day.Site), countedSites);
        if (days.Where(day => day.Several).FirstOrDefault(day => staging.HasConflict(day.Site, day.Day)) is { Site: not null } conflict)
            throw new RebuildException(
                $"The exports disagree about {conflict.Site} on {conflict.Day:yyyy-MM-dd}: they are not from the same "
                + $"history.");
        HistoryDatabase.DeleteFiles(building);
        bool lost;
        try
        {
            using (var database = new HistoryDatabase(options, building))
            {
                database.Open();
                using var connection = database.Connect();
                Fill(connection, staging, days, cutoff, progress, cancellationToken);
                lost = !RecoverIdentities(connection, staging, path, cutoff);
                connection.Execute("CHECKPOINT");
            }
            var left = cutoff.LastPosition == long.MaxValue ? 0 : staging.Count($"position > {cutoff.LastPosition}");
            return new RebuildSummary(_hits, left, rows - left - _hits, days.Count, cutoff.Position, ReplaceHistory(path, building), lost);
        }
        catch
        {
            HistoryDatabase.DeleteFiles(building);
            throw;
        }
    }

    private static void CheckSites(IEnumerable<string> exported, IEnumerable<string> countedSites)
    {
        var missing = countedSites.Except(exported).Order(StringComparer.Ordinal).ToList();
        if (missing.Count == 0) return;
        throw new RebuildException($"The exports have no hits of "
            + $"{string.Join(", ", missing.Take(10))}{(missing.Count > 10 ? $" and {missing.Count - 10} more" : "")}, but this server has "
            + $"counted some: the new history would lack them. " +
            "Export those sites too, or use --allow-missing-sites.");
    }

    private void Fill(
        DuckDBConnection connection, StagingDatabase staging, List<(string Site, DateOnly Day, bool Several)> days, RebuildCutoff cutoff,
        IProgress<RebuildProgress> progress, CancellationToken cancellationToken)
    {
        var details = new DetailsReader(_texts, keys);
        var reader = new ExportRowReader(_texts, details, keys);
        var writer = new HitWriter(_texts, details);
        _texts.Load(connection);
        foreach (var (site, day, several) in days)
        {
            if (!_siteNumbers.TryGetValue(site, out var number))
            {
                _siteNumbers[site] = number = _siteNumbers.Count + 1;
                connection.Execute("INSERT INTO sites VALUES ($1, $2)", number, site);
            }
            var before = _hits;
            foreach (var row in staging.Read(site, day, cutoff.LastPosition, several))
            {
                // The hits of a commit are written together. This runs before the row is read, whose texts and products would otherwise go
                // with the previous batch.
                if (_rows.Count >= BatchSize && ExportRowReader.PositionOf(row) != _rows[^1].Position)
                {
                    Write(connection, writer, details);
                    progress.Report(new("writing", _hits));
                    cancellationToken.ThrowIfCancellationRequested();
                }
                Add(reader.Read(row, number, LocalDay.Of(day)));
            }
            if (_hits > before) connection.Execute("INSERT INTO open_days VALUES ($1, $2)", number, day);
        }
        Write(connection, writer, details);
        connection.Execute(
            "UPDATE progress SET journal = $1, position = $2, visit = $3, visitor = $4, converted_orders = TRUE",
            cutoff.Journal, cutoff.Position, _lastVisit, _lastVisitor);
    }

    private void Add(in HitRow row)
    {
        _rows.Add(row);
        _hits++;
        _lastVisit = Math.Max(_lastVisit, row.Visit);
        _lastVisitor = Math.Max(_lastVisitor, row.Visitor);
    }

    private void Write(DuckDBConnection connection, HitWriter writer, DetailsReader details)
    {
        _texts.Resolve(connection);
        WriteTransaction.Run(connection, () => writer.Write(connection, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_rows)));
        _texts.Commit();
        _rows.Clear();
        details.Clear();
    }

    /// <returns>False if the old history could not be read.</returns>
    private bool RecoverIdentities(DuckDBConnection connection, StagingDatabase staging, string old, RebuildCutoff cutoff)
    {
        var recovery = new IdentityRecovery(connection);
        var read = recovery.FromHistory(staging.Connection, old);
        if (cutoff.Journal == source.Identity) recovery.FromJournal(source, cutoff.Position);
        return read;
    }

    /// <summary>Replaces the old file with the new one; the old one is kept under another name with its write-ahead log.</summary>
    /// <returns>That name.</returns>
    private string? ReplaceHistory(string path, string building)
    {
        string? kept = null;
        if (File.Exists(path))
        {
            kept = $"{path}.before-{time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture)}";
            if (File.Exists(path + ".wal")) File.Move(path + ".wal", kept + ".wal");
            File.Move(path, kept);
        }
        else File.Delete(path + ".wal");
        File.Move(building, path);
        return kept;
    }
}
