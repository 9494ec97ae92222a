using System.IO.Compression;
using System.Text.Json;
using DuckDB.NET.Data;
using Footfall.History.Export;
using Footfall.History.Schema;

namespace Footfall.History.Rebuild;

/// <summary>
/// A file from <c>GET /api/v1/export</c>: CSV, NDJSON (both optionally with gzip) or Parquet, detected by its first bytes.
/// </summary>
internal sealed class ExportFile
{
    /// <summary>The longest line, in bytes: an order of ten thousand items.</summary>
    private const int MaxLineBytes = 1 << 22;

    private static readonly IEnumerable<string> UnescapedColumns =
        HitExport.Columns.Where(column => column.Type == ExportColumnType.Text)
            .Select(column => $"{CsvInjectionGuard.UnescapeSql(column.Name)} AS \"{column.Name}\"");

    private readonly string _from;

    private ExportFile(string path, string from) => (Path, _from) = (path, from);

    public string Path { get; }

    /// <summary>Detects the format of a file.</summary>
    /// <exception cref="RebuildException">It is not an export, or lacks columns.</exception>
    public static ExportFile Open(string path, DuckDBConnection connection)
    {
        try
        {
            var (start, zipped) = ReadFirstLine(path);
            if (start.Length == 0) throw new RebuildException($"{path} is empty: leave it out.");
            var quoted = DuckDbExtensions.Quote(path);
            var parquet = start.StartsWith("PAR1", StringComparison.Ordinal);
            var ndjson = start is ['{', ..];
            var from = parquet ? $"read_parquet({quoted})"
                : ndjson ? $"read_json({quoted}, format = 'newline_delimited', compression = '{(zipped ? "gzip" : "uncompressed")}', " +
                    $"maximum_object_size = {MaxLineBytes}, columns = {{{string.Join(", ", HitExport.Columns.Select(JsonType))}}})"
                : $"read_csv({quoted}, header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"', compression = " +
                    $"'{(zipped ? "gzip" : "none")}', max_line_size = {MaxLineBytes}, buffer_size = {4 * MaxLineBytes})";
            var has = ndjson ? KeysOf(start) : [.. connection.Query($"DESCRIBE SELECT * FROM {from}").Select(row => row.GetString(0))];
            var missing = HitExport.Columns.Select(column => column.Name).Except(has).ToList();
            if (missing.Count > 0)
                throw new RebuildException($"{path} is not an export of hits, or is from another version: it has no column "
                    + $"{string.Join(", ", missing)}. Use complete files exported with what=hits.");
            return new ExportFile(path, parquet || ndjson ? from
                : $"(SELECT * REPLACE ({string.Join(", ", UnescapedColumns)}) FROM {from})");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or JsonException)
        {
            throw new RebuildException($"{path} can't be read: {error.Message}", error);
        }
        catch (DuckDBException error)
        {
            throw Unreadable(path, error);
        }
    }

    /// <summary>Loads all rows into a table with the number of the file and the columns of the export.</summary>
    /// <param name="number">The number of the file.</param>
    /// <returns>The number of rows.</returns>
    /// <exception cref="RebuildException">The file is damaged, or was cut short.</exception>
    public int Load(DuckDBConnection connection, string table, int number)
    {
        try
        {
            return connection.Execute($"INSERT INTO {table} SELECT {number}, {StagingDatabase.SelectList} FROM {_from}");
        }
        catch (DuckDBException error)
        {
            throw Unreadable(Path, error);
        }
    }

    private static RebuildException Unreadable(string path, DuckDBException error) =>
        new($"{path} can't be read as an export of hits: {HistoryFault.Describe(error.Message)} If the download was interrupted, export "
            + $"it again.", error);

    /// <summary>The first line, up to the maximum length.</summary>
    private static (string Text, bool Zipped) ReadFirstLine(string path)
    {
        using var file = File.OpenRead(path);
        var zipped = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        using var plain = zipped ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        var bytes = new byte[MaxLineBytes];
        var read = plain.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var end = bytes.AsSpan(0, read).IndexOf((byte)'\n');
        return (System.Text.Encoding.UTF8.GetString(bytes, 0, end < 0 ? read : end), zipped);
    }

    private static List<string> KeysOf(string line)
    {
        using var first = JsonDocument.Parse(line);
        return [.. first.RootElement.EnumerateObject().Select(key => key.Name)];
    }

    private static string JsonType(ExportColumn column) =>
        $"\"{column.Name}\": '{(column.Type == ExportColumnType.Json ? "JSON" : "VARCHAR")}'";
}
