using DuckDB.NET.Data;
using Footfall.Commands;
using Footfall.Common;
using Footfall.History.Rebuild;
using Footfall.History.Schema;
using Footfall.Journal.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Footfall.Tests.History.Rebuild;

/// <summary>A rebuild writes in batches: data on both sides of a batch boundary must not depend on it.</summary>
public sealed class RebuildBatchesTests : IDisposable
{
    private const string Attributes =
        "source channel referrer utm_source utm_medium utm_campaign utm_content utm_term browser browser_version os os_version device "
        + "screen language";

    /// <summary>Every table of hits; the ids of texts, products and sets, which may differ, are replaced by their values.</summary>
    private static readonly string[] Tables =
    [
        Rows("hits", "position, time, zone, visit, visitor, kind, value, seq", "page host name props currency"),
        Rows("items", "position, time, visit, visitor, kind, price, quantity, seq", "product currency"),
        Rows("orders", "position, time, zone, visit, visitor, kind, transaction, value, units, seq", "currency"),
        Rows("bots", "position, time, zone, country, reason, kind", "page"),
        Rows($"({Visits("opened")} UNION ALL {Visits("visits")})", "visit, visitor, start, zone, country", Attributes, "visit"),
        $"SELECT {Domain}, day, hash, visitor, visit, seen FROM identities t ORDER BY visit",
        $"SELECT {Texts("id item_id name category brand variant")} FROM products t ORDER BY 1",
        $"SELECT {Texts("set name value")} FROM props t ORDER BY ALL",
        "SELECT text FROM texts ORDER BY text",
        "SELECT journal, position, visit, visitor FROM progress",
        "SELECT domain FROM sites ORDER BY 1",
    ];

    private readonly TemporaryDirectory _data = new(), _files = new();

    /// <summary>Of days that are open, and of those that are closed.</summary>
    private static string Visits(string table) =>
        $"SELECT site, day, visit, visitor, start, zone, country, {Attributes.Replace(' ', ',')} FROM {table}";

    private static string Rows(string table, string columns, string texts, string order = "site, day, rowid") =>
        $"SELECT {Domain}, day, {columns}, {Texts(texts)} FROM {table} t ORDER BY {order}";

    private static string Domain => "(SELECT domain FROM sites s WHERE s.id = t.site) AS site";

    public void Dispose()
    {
        _data.Dispose();
        _files.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    public async Task Whatever_the_size_of_a_batch_every_column_and_the_next_export_are_the_same(int batch)
    {
        await using var shop = await SimulatedShop.StartAsync(_data);
        string[] files =
            [await shop.ExportAsync(SimulatedShop.Berlin, "csv", _files), await shop.ExportAsync(SimulatedShop.Other, "csv", _files)];
        await shop.StopAsync();
        var before = Contents();
        Assert.True(before[0].Count > 3 * batch, $"{before[0].Count} hits are too few for several batches.");
        Assert.All(before, rows => Assert.NotEmpty(rows));

        Rebuild(batch, files);
        foreach (var (expected, actual) in before.Zip(Contents())) Assert.Equal(expected, actual);
        shop.Run();
        await shop.WaitForHistoryAsync();
        using var again = new TemporaryDirectory();
        foreach (var site in (string[])[SimulatedShop.Berlin, SimulatedShop.Other])
        {
            var exported = await shop.ExportAsync(site, "csv", again);
            var first = Path.Combine(_files, Path.GetFileName(exported));
            Assert.Equal(await File.ReadAllTextAsync(first, Stop), await File.ReadAllTextAsync(exported, Stop));
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Texts(string columns) =>
        string.Join(", ", columns.Split(' ').Select(column => $"(SELECT text FROM texts x WHERE x.id = t.{column}) AS {column}"));

    private void Rebuild(int batch, string[] files)
    {
        using var services = CommandServices.Build(
        [
            $"--Footfall:DataDirectory={_data.Path}",
            $"--Footfall:Sites:0:Domain={SimulatedShop.Berlin}",
            $"--Footfall:Sites:1:Domain={SimulatedShop.Other}",
        ]);
        var (journal, options) = (services.GetRequiredService<SqliteJournal>(), services.GetRequiredService<IOptions<FootfallOptions>>());
        var rebuild = new HistoryRebuilder(journal, journal.KeyHasher, options, TimeProvider.System) { BatchSize = batch };
        rebuild.Run(files, [], allowMissing: false, new Progress<RebuildProgress>(), Stop);
    }

    private List<List<string>> Contents()
    {
        using var connection = new DuckDBConnection($"DataSource={Path.Combine(_data, HistoryDatabase.FileName)}");
        connection.Open();
        return [.. Tables.Select(sql => connection.Query(sql).Select(Line).ToList())];

        static string Line(DuckDBDataReader row) => string.Join('|', Enumerable.Range(0, row.FieldCount).Select(row.GetValue));
    }
}
