using System.Globalization;
using DuckDB.NET.Data;
using Footfall.History.Store;
using Footfall.Words;
using Microsoft.Extensions.Options;

namespace Footfall.History.Rebuild;

/// <summary>
/// Makes the history anew of exports of hits, beside the old one, and puts it in its place when it is whole. The journal is this process's: no server runs on the data.
/// Its days are open: the server adds them up when it runs, and answers from the hits meanwhile, so that it stands still no longer than is needed.
/// </summary>
internal sealed class HistoryRebuild(IHitSource source, KeyHasher keys, IOptions<FootfallOptions> options, TimeProvider time)
{
    private readonly TextNumbers _texts = new();
    private readonly List<HitRow> _rows = [];
    private readonly Dictionary<string, int> _numbers = [];
    private long _visit, _visitor, _hits;

    /// <summary>The rows of a transaction, and more only where one commit has more.</summary>
    /// <value>From 1. Default 50,000: some 50 MB.</value>
    public int Batch { get; init; } = 50_000;

    /// <param name="files">Exports, in any order. A hit that stands in several of them is taken once.</param>
    /// <param name="counted">The sites that the journal has counted.</param>
    /// <param name="mayMiss">Whether exports of some of these may be missing.</param>
    /// <exception cref="RebuildException">The files don't make a history.</exception>
    public RebuildSummary Run(IReadOnlyList<string> files, IReadOnlyCollection<string> counted, bool mayMiss, IProgress<RebuildProgress> progress, CancellationToken stop)
    {
        var place = Path.Combine(options.Value.DataDirectory, HistoryDatabase.FileName);
        var building = place + ".rebuilding";
        using var staging = new Staging(building + ".staging", options.Value.History);
        var exports = files.Select(file => ExportFile.Open(file, staging.Connection)).ToList();
        var rows = 0L;
        for (var i = 0; i < exports.Count; i++)
        {
            stop.ThrowIfCancellationRequested();
            progress.Report(new($"reading {Path.GetFileName(exports[i].Path)}", rows));
            rows += staging.Load(exports[i], i);
        }
        var border = Border.Of(staging.Marks(), files, source);
        var days = staging.Days();
        if (!mayMiss) CheckSites(days.Select(day => day.Site), counted);
        if (days.Where(day => day.Several).FirstOrDefault(day => staging.Disagree(day.Site, day.Day)) is { Site: not null } wrong)
            throw new RebuildException($"The exports disagree about {wrong.Site} on {wrong.Day:yyyy-MM-dd}: they are not of the same history.");
        HistoryDatabase.Delete(building);
        bool lost;
        try
        {
            using (var database = new HistoryDatabase(options, building))
            {
                database.Open();
                using var connection = database.Connect();
                Fill(connection, staging, days, border, progress, stop);
                lost = !Recover(connection, staging, place, border);
                connection.Run("CHECKPOINT");
            }
            var left = border.Last == long.MaxValue ? 0 : staging.Count($"position > {border.Last}");
            return new RebuildSummary(_hits, left, rows - left - _hits, days.Count, border.Position, Replace(place, building), lost);
        }
        catch
        {
            HistoryDatabase.Delete(building);
            throw;
        }
    }

    private static void CheckSites(IEnumerable<string> exported, IEnumerable<string> counted)
    {
        var missing = counted.Except(exported).Order(StringComparer.Ordinal).ToList();
        if (missing.Count == 0) return;
        throw new RebuildException($"The exports have no hits of {string.Join(", ", missing.Take(10))}{(missing.Count > 10 ? $" and {missing.Count - 10} more" : "")}, which this server has counted: the new history would be without them. " +
            "Export them too, or say --allow-missing-sites.");
    }

    private void Fill(
        DuckDBConnection connection, Staging staging, List<(string Site, DateOnly Day, bool Several)> days, Border border, IProgress<RebuildProgress> progress, CancellationToken stop)
    {
        var details = new DetailsReader(_texts, keys);
        var reader = new RowReader(_texts, details, keys);
        var writer = new HitWriter(_texts, details);
        _texts.Load(connection);
        foreach (var (site, day, several) in days)
        {
            if (!_numbers.TryGetValue(site, out var number))
            {
                _numbers[site] = number = _numbers.Count + 1;
                connection.Run("INSERT INTO sites VALUES ($1, $2)", number, site);
            }
            var before = _hits;
            foreach (var row in staging.Read(site, day, border.Last, several))
            {
                // What came in one commit is written together. Before the row is read: its texts and products would go with the batch
                // that is written.
                if (_rows.Count >= Batch && RowReader.PositionOf(row) != _rows[^1].Position)
                {
                    Write(connection, writer, details);
                    progress.Report(new("writing", _hits));
                    stop.ThrowIfCancellationRequested();
                }
                Add(reader.Read(row, number, LocalDay.Of(day)));
            }
            if (_hits > before) connection.Run("INSERT INTO open_days VALUES ($1, $2)", number, day);
        }
        Write(connection, writer, details);
        connection.Run(
            "UPDATE progress SET journal = $1, position = $2, visit = $3, visitor = $4, converted_orders = TRUE",
            border.Journal, border.Position, _visit, _visitor);
    }

    private void Add(in HitRow row)
    {
        _rows.Add(row);
        _hits++;
        _visit = Math.Max(_visit, row.Visit);
        _visitor = Math.Max(_visitor, row.Visitor);
    }

    private void Write(DuckDBConnection connection, HitWriter writer, DetailsReader details)
    {
        _texts.Resolve(connection);
        Transactions.Run(connection, () => writer.Write(connection, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_rows)));
        _texts.Keep();
        _rows.Clear();
        details.Clear();
    }

    /// <returns>False where the old history could not be asked.</returns>
    private bool Recover(DuckDBConnection connection, Staging staging, string old, Border border)
    {
        var recovery = new IdentityRecovery(connection);
        var read = recovery.FromHistory(staging.Connection, old);
        if (border.Journal == source.Identity) recovery.FromJournal(source, border.Position);
        return read;
    }

    /// <summary>Puts the new file in the place of the old one, which is kept under another name with its log of changes.</summary>
    /// <returns>The name.</returns>
    private string? Replace(string place, string building)
    {
        string? kept = null;
        if (File.Exists(place))
        {
            kept = $"{place}.before-{time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture)}";
            if (File.Exists(place + ".wal")) File.Move(place + ".wal", kept + ".wal");
            File.Move(place, kept);
        }
        else File.Delete(place + ".wal");
        File.Move(building, place);
        return kept;
    }
}
