using DuckDB.NET.Data;
using Footfall.History;
using Footfall.History.Export;
using Footfall.History.Schema;

namespace Footfall.Tests.History.Export;

public sealed class ParquetFileTests : IDisposable
{
    private static readonly ExportColumn[] Columns =
    [
        new("text", ExportColumnType.Text), new("json", ExportColumnType.Json), new("number", ExportColumnType.Number),
        new("amount", ExportColumnType.Amount), new("time", ExportColumnType.Time),
        new("day", ExportColumnType.Day), new("flag", ExportColumnType.Flag),
    ];

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Every_type_of_value_comes_back_in_order()
    {
        var file = Path.Combine(_directory, "it's.parquet");
        ParquetFile.Write(file, Columns, Enumerable.Range(0, 5_000).Select(i => i % 7 == 6 ? new object?[7] : ["ü" + i, "{\"a\":1}",
            (long)i, 123456789012.345678m, 1_700_000_000_123L, 19_675L, i % 2 == 0]), TestContext.Current.CancellationToken);
        using var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        var rows = duck.Query(
            $"SELECT text, json::VARCHAR, number, amount::VARCHAR, time::VARCHAR, day::VARCHAR, flag FROM " +
            $"read_parquet('{file.Replace("'", "''")}')")
            .Select(row => row.IsDBNull(0) ? null : string.Join('|', Enumerable.Range(0, 7).Select(i => row.GetValue(i)))).ToList();
        Assert.Equal(5_000, rows.Count);
        Assert.Equal("ü8|{\"a\":1}|8|123456789012.345678|2023-11-14 22:13:20.123|2023-11-14|True", rows[8]);
        Assert.Null(rows[6]);
    }

    [Fact]
    public void An_error_in_the_rows_is_reported_unchanged() =>
        Assert.Throws<HistoryUnavailableException>(() =>
            ParquetFile.Write(Path.Combine(_directory, "a"), [Columns[0]], Failing(), TestContext.Current.CancellationToken));

    [Fact]
    public void A_file_that_can_not_be_written_is_reported_with_its_reason()
    {
        var error = Assert.Throws<ExportFailedException>(() =>
            ParquetFile.Write(Path.Combine(_directory, "none", "a"), [Columns[0]], [["a"]], TestContext.Current.CancellationToken));
        Assert.Contains("can't be written", error.Message);
    }

    [Fact]
    public void A_full_disk_is_reported_with_its_reason()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no device that is always full.");
        var rows = Enumerable.Range(0, 1_000).Select(i => (object?[])[Guid.NewGuid().ToString()]);
        Assert.Throws<ExportFailedException>(() =>
            ParquetFile.Write("/dev/full", [Columns[0]], rows, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void It_stops_when_it_is_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            ParquetFile.Write(Path.Combine(_directory, "a"), [Columns[0]], Endless(cancel), cancel.Token));
    }

    private static IEnumerable<object?[]> Failing()
    {
        for (var i = 0; i < 5_000; i++) yield return ["a"];
        throw new HistoryUnavailableException("It went away.");
    }

    private static IEnumerable<object?[]> Endless(CancellationTokenSource cancel)
    {
        for (var i = 0L; ; i++)
        {
            if (i == 10_000) cancel.Cancel();
            yield return ["a"];
        }
    }
}
