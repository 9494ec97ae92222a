using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History.Export;
using Footfall.History.Schema;

namespace Footfall.History.Rebuild;

/// <summary>
/// The rows of all files in a temporary store next to the history, deleted on close. Only this instance reads files, and it contains no
/// history data.
/// </summary>
internal sealed class StagingDatabase : IDisposable
{
    private const string Table = "staging.hits";

    private readonly DuckDBConnection _connection = new("DataSource=:memory:");
    private readonly string _file;

    /// <param name="file">Is created; replaces one that an earlier rebuild left.</param>
    public StagingDatabase(string file, HistoryOptions options)
    {
        _file = file;
        HistoryDatabase.DeleteFiles(file);
        _connection.Open();
        _connection.SetLimits(options, file);
        _connection.Execute($"ATTACH {DuckDbExtensions.Quote(file)} AS staging");
        _connection.Execute($"CREATE TABLE {Table} (file INTEGER NOT NULL, {string.Join(", ", HitExport.Columns.Select(Definition))})");
    }

    public DuckDBConnection Connection => _connection;

    /// <summary>The select list for a file, in the order of <see cref="HitExport.Columns"/>.</summary>
    public static string SelectList { get; } = string.Join(", ", HitExport.Columns.Select(column => column.Type switch
    {
        ExportColumnType.Time => $"epoch_ms(\"{column.Name}\"::TIMESTAMP)",
        _ => $"\"{column.Name}\"::{TypeOf(column)}",
    }));

    /// <summary>Reads a file.</summary>
    /// <returns>The number of rows.</returns>
    public int Load(ExportFile file, int number) => file.Load(_connection, Table, number);

    /// <summary>The journals and positions up to which the files are complete.</summary>
    /// <param name="Snapshot">As in the export.</param>
    /// <param name="Last">The highest position of its hits.</param>
    /// <param name="Rows">How many there are.</param>
    internal readonly record struct SnapshotMark(int File, string Site, string Snapshot, long Last, long Rows);

    public List<SnapshotMark> ReadMarks() =>
        [.. _connection.Query($"SELECT file, site, snapshot, max(position), count(*) FROM {Table} GROUP BY ALL ORDER BY ALL")
            .Select(row => new SnapshotMark(row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4)))];

    /// <summary>The days of the sites, and whether several files have some of them.</summary>
    public List<(string Site, DateOnly Day, bool Several)> ReadDays() =>
    [
        .. _connection.Query($"SELECT site, day, min(file) < max(file) FROM {Table} GROUP BY ALL ORDER BY day, site")
            .Select(row => (row.GetString(0), row.GetFieldValue<DateOnly>(1), row.GetBoolean(2))),
    ];

    public long Count(string where) => _connection.Scalar<long>($"SELECT count(*) FROM {Table} WHERE {where}");

    /// <summary>Whether two files have different hits at the same position: they are not from one history.</summary>
    public bool HasConflict(string site, DateOnly day) => _connection.Scalar<long>($"""
        SELECT count(*) FROM (
            SELECT 1 FROM {Table} WHERE site = $1 AND day = $2 GROUP BY position, bot_reason IS NULL, seq
            HAVING min(timestamp) < max(timestamp) OR min(visit) < max(visit) OR min(kind) < max(kind) OR count(*) > count(DISTINCT file))
        """, site, day) > 0;

    /// <summary>The hits of a day in journal order, each once; <c>opens</c> follows the columns of the export.</summary>
    /// <param name="until">The last position.</param>
    public IEnumerable<DuckDBDataReader> Read(string site, DateOnly day, long until, bool several)
    {
        var once = several ? "QUALIFY row_number() OVER (PARTITION BY position, bot_reason IS NULL, seq ORDER BY file) = 1" : "";
        using var command = _connection.CreateCommand();
        command.UseStreamingMode = true;
        command.CommandText = $"""
            SELECT *, visit IS NOT NULL AND row_number() OVER (PARTITION BY visit
            ORDER BY timestamp <> visit_start, position, seq) = 1 AS opens FROM (
                SELECT {string.Join(", ", HitExport.Columns.Select(column => $"\"{column.Name}\""))} FROM {Table}
                WHERE site = $1 AND day = $2 AND position <= {until} {once})
            ORDER BY position, bot_reason IS NOT NULL, seq
            """;
        command.Parameters.Add(new DuckDBParameter(site));
        command.Parameters.Add(new DuckDBParameter(day));
        using var reader = command.ExecuteReader();
        while (reader.Read()) yield return reader;
    }

    public void Dispose()
    {
        _connection.Dispose();
        HistoryDatabase.DeleteFiles(_file);
    }

    private static string Definition(ExportColumn column)
    {
        var needed = column.Name is "site" or "day" or "timestamp" or "utc_offset" or "country" or "kind" or "position" or "seq"
            or "snapshot";
        return $"\"{column.Name}\" {TypeOf(column)}{(needed ? " NOT NULL" : "")}";
    }

    private static string TypeOf(ExportColumn column) => column.Type switch
    {
        ExportColumnType.Number or ExportColumnType.Time => "BIGINT",
        ExportColumnType.Amount => "DECIMAL(18, 6)",
        ExportColumnType.Day => "DATE",
        _ => "VARCHAR",
    };
}
