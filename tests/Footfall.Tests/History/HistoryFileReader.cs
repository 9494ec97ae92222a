using System.Globalization;
using DuckDB.NET.Data;
using Footfall.History.Schema;

namespace Footfall.Tests.History;

/// <summary>A look into the file of a history that no program has open: into a copy, so that the file stays as it was left.</summary>
internal sealed class HistoryFileReader : IDisposable
{
    private readonly TemporaryDirectory _copy = new();
    private readonly DuckDBConnection _connection;

    public HistoryFileReader(string data)
    {
        foreach (var name in (string[])[HistoryDatabase.FileName, $"{HistoryDatabase.FileName}.wal"])
            if (File.Exists(Path.Combine(data, name))) File.Copy(Path.Combine(data, name), Path.Combine(_copy, name));
        _connection = new DuckDBConnection($"DataSource={Path.Combine(_copy, HistoryDatabase.FileName)}");
        _connection.Open();
        _connection.Execute("SET threads = 1");
    }

    /// <summary>The rows of a query, a line each.</summary>
    public List<string> Lines(string sql) =>
        [.. _connection.Query(sql).Select(row => string.Join(' ', Enumerable.Range(0, row.FieldCount).Select(i => Text(row, i))))];

    public long Number(string sql) => Convert.ToInt64(Lines(sql).Single(), CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _connection.Dispose();
        _copy.Dispose();
    }

    private static string Text(DuckDBDataReader row, int i) => row.IsDBNull(i) ? "" : row.GetValue(i) switch
    {
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
