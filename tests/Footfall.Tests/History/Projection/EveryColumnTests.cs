using System.Globalization;
using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History.Projection;
using Footfall.History.Rollups;
using Footfall.History.Schema;
using Microsoft.Extensions.Options;

namespace Footfall.Tests.History.Projection;

/// <summary>
/// What goes into the journal comes out of every column of every table. DuckDB.NET's appender writes by the type of the value and not of
/// the column: a value that is cast wrongly is garbage and no error.
/// </summary>
public sealed class EveryColumnTests : IDisposable
{
    /// <summary>Every table of hits with its columns, and how this test reads them back. A column that is not here has no test.</summary>
    private static readonly Dictionary<string, string[]> Known = new()
    {
        ["version"] = ["version"],
        ["progress"] = ["journal", "position", "visit", "visitor", "converted_orders"],
        ["sites"] = ["id", "domain"],
        ["texts"] = ["id", "text"],
        ["products"] = ["id", "item_id", "name", "category", "brand", "variant"],
        ["props"] = ["set", "name", "value"],
        ["hits"] = ["site", "day", "position", "time", "zone", "visit", "visitor", "kind", "page", "host", "name", "props", "value",
            "currency", "seq"],
        ["items"] = ["site", "day", "position", "time", "visit", "visitor", "kind", "product", "price", "quantity", "currency", "seq"],
        ["orders"] = ["site", "day", "position", "time", "zone", "visit", "visitor", "kind", "transaction", "value", "units", "currency",
            "seq"],
        ["opened"] = ["site", "day", "visit", "visitor", "start", "zone", "country", .. Attributes],
        ["visits"] = ["site", "day", "visit", "visitor", "start", "zone", "country", .. Attributes, "entry_page", "exit_page", "entry_host",
            "exit_host", "pageviews", "events", "duration", "bounce", "funnel", "orders", "refunds"],
        ["bots"] = ["site", "day", "position", "time", "zone", "country", "reason", "kind", "page"],
        ["open_days"] = ["site", "day"],
        ["closed_months"] = ["site", "month"],
        ["removed_days"] = ["site", "day"],
        ["removed_orders"] = ["site", "day", "transaction", "value", "currency"],
        ["identities"] = ["site", "day", "hash", "visitor", "visit", "seen"],
    };

    private static string[] Attributes =>
        ["source", "channel", "referrer", "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "browser",
            "browser_version", "os", "os_version", "device", "screen", "language"];

    /// <summary>The longest texts that a hit may have, some of characters beyond the first plane, some with NUL.</summary>
    private static readonly string[] Extreme =
    [
        new('x', 2_048), string.Concat(Enumerable.Repeat("\U0001F6D2", 512)), "a\0b", "\0", "'; DROP TABLE hits; --", "\uFFFF\u0001\u007F",
        "e\u0301", "\u202Eabc", new('ä', 1_024), "{\"a\":\"b\"}",
    ];

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeJournal _journal = new();
    private readonly HistoryDatabase _database;
    private readonly SiteRegistry _sites;
    private readonly Site _site;

    public EveryColumnTests()
    {
        var options = Options.Create(new FootfallOptions
        {
            DataDirectory = _directory,
            History = new HistoryOptions { Threads = 1 },
            Sites = [new SiteOptions { Domain = "first.example" },
                new SiteOptions { Domain = "nepal.example", TimeZone = "Asia/Kathmandu", Currency = "NPR" }],
        });
        _sites = new SiteRegistry(options, TimeProvider.System);
        _site = _sites.GetOrAddStored("nepal.example");
        _database = new HistoryDatabase(options);
        _database.Open();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void A_hit_is_read_back_from_every_column()
    {
        // Not 1 as a number of anything: the first site takes it.
        _journal.Commit(null, new TestHit(_sites.GetOrAddStored("first.example"), Moment(10)));
        var hit = Full(1);
        _journal.Commit(Moment(21), hit);
        Project();

        Assert.Equal(["2", "2026-11-23", "2", Text(hit.Time), "345", "2", "2", "6", "/page 1", "host 1", "purchase",
            """{"prop 1":"value 1","qrop 1":"walue 1"}""", "12345.678901", "currency 1"],
            Row("SELECT site, day, position, time, zone, visit, visitor, kind, tp.text, th.text, tn.text, ts.text, value, tc.text FROM " +
                "hits h JOIN texts tp ON tp.id = page JOIN texts th ON th.id = host JOIN texts tn ON tn.id = name JOIN texts ts ON ts.id " +
                "= props JOIN texts tc ON tc.id = currency WHERE site = 2"));
        Assert.Equal(["2", "2026-11-23", "2", "2", Text(hit.Time), "345", Text(Country.FromStored("NP").Index),
            .. Attributes.Select(name => $"{name} 1")],
            Row($"SELECT site, day, visit, visitor, start, zone, country, " +
                $"{string.Join(", ", Attributes.Select(name => $"(SELECT text FROM texts WHERE id = {name})"))} FROM opened WHERE site " +
                $"= 2"));
        Assert.Equal(
            [
                ["2", "2026-11-23", "2", Text(hit.Time), "2", "2", "6", "id 1", "name 1", "category 1", "brand 1", "variant 1", "19.250001",
                    "3.5", "currency 1"],
                ["2", "2026-11-23", "2", Text(hit.Time), "2", "2", "6", "jd 1", "", "", "", "", "NULL", "1", "currency 1"],
            ],
            Rows("""
                SELECT site, day, position, time, visit, visitor, kind, a.text, b.text, c.text, d.text, e.text, price, quantity, f.text
                FROM items JOIN products p ON p.id = product JOIN texts a ON a.id = p.item_id JOIN texts b ON b.id = p.name JOIN texts c
                ON c.id = p.category JOIN texts d ON d.id = p.brand
                JOIN texts e ON e.id = p.variant JOIN texts f ON f.id = currency ORDER BY a.text
                """));
        Assert.Equal(["2", "2026-11-23", "2", Text(hit.Time), "345", "2", "2", "6",
            Text(TestKeyHashers.Any.HashOrder(_site, "transaction 1"u8).Hash), "12345.678901", "4.5", "currency 1"],
            Row("SELECT site, day, position, time, zone, visit, visitor, kind, transaction, value, units, text FROM orders JOIN texts ON " +
                "id = currency"));
        Assert.Equal([["prop 1", "value 1"], ["qrop 1", "walue 1"]],
            Rows("SELECT n.text, v.text FROM props JOIN texts n ON n.id = name JOIN texts v ON v.id = value WHERE set = (SELECT props " +
                "FROM hits WHERE site = 2) ORDER BY 1"));
        Assert.Equal(["2", "2026-11-23", "18446744073709551615", "2", "2", Text(Moment(21))],
            Row("SELECT site, day, hash, visitor, visit, seen FROM identities WHERE site = 2"));
        Assert.Equal([_journal.Identity.ToString(), "2", "2", "2"], Row("SELECT journal, position, visit, visitor FROM progress"));
        Assert.Equal([["1", "first.example"], ["2", "nepal.example"]], Rows("SELECT id, domain FROM sites ORDER BY id"));
        Assert.Equal([["1", "2026-11-22"], ["2", "2026-11-23"]], Rows("SELECT site, day FROM open_days ORDER BY site"));
    }

    [Fact]
    public void Hits_of_one_moment_are_numbered_in_every_table()
    {
        TestHit Bought(string transaction, params TestItem[] items) =>
            Full(1) with { Items = items, Texts = new(Full(1).Texts) { [DetailField.TransactionId] = transaction } };
        _journal.Commit(null, Bought("A", new TestItem("a"), new TestItem("b")), Bought("B", new TestItem("c")),
            Full(1) with { Kind = HitKind.PageView, Items = [] }, Bought("C"));
        Project();
        Assert.Equal([["6", "0"], ["6", "1"], ["1", "0"], ["6", "2"]], Rows("SELECT kind, seq FROM hits ORDER BY rowid"));
        Assert.Equal([["a", "0"], ["b", "0"], ["c", "1"]],
            Rows("SELECT text, seq FROM items JOIN products p ON p.id = product JOIN texts t ON t.id = p.item_id ORDER BY items.rowid"));
        Assert.Equal([["0"], ["1"], ["2"]], Rows("SELECT seq FROM orders ORDER BY rowid"));
    }

    [Fact]
    public void A_bot_is_read_back_from_every_column()
    {
        var time = Moment(3);
        _journal.Commit(null, new TestHit(_sites.GetOrAddStored("first.example"), Moment(1)),
            new TestHit(_site, time, HitKind.ViewItem, 5, "FR", BotReason.ReferrerSpam) { Texts = { [DetailField.Path] = "/robot" } });
        Project();
        Assert.Equal(["2", "2026-11-23", "1", Text(time), "345", Text(Country.FromStored("FR").Index), "2", "2", "/robot"],
            Row("SELECT site, day, position, time, zone, country, reason, kind, text FROM bots JOIN texts ON id = page"));
        Assert.Equal(["1"], Row("SELECT count(*) FROM hits"));
    }

    [Fact]
    public void A_visit_that_was_added_up_is_read_back_from_every_column()
    {
        Dictionary<DetailField, string> At(string page, string host) =>
            new(Full(1).Texts) { [DetailField.Path] = page, [DetailField.Host] = host };
        var first = Full(1) with { Kind = HitKind.PageView, Value = null, Items = [], Visitor = 9 };
        _journal.Commit(null, new TestHit(_sites.GetOrAddStored("first.example"), Moment(1)), first,
            first with { Kind = HitKind.AddToCart, Time = first.Time + 20_000 },
            first with { Kind = HitKind.Purchase, Time = first.Time + 30_000, Value = 5 },
            first with { Kind = HitKind.Refund, Time = first.Time + 40_000, Value = 5 },
            first with { Kind = HitKind.Refund, Time = first.Time + 50_000, Value = 5 },
            first with { Kind = HitKind.PageView, Time = first.Time + 60_999, Texts = At("/last", "host 2") });
        Project();
        using var connection = _database.Connect();
        DailyRollup.RollUpDay(connection, 2, _site.DayOf(first.Time), Cancel);
        DailyRollup.RollUpMonth(connection, 2, new DateOnly(2026, 11, 1), Cancel);
        var texts = ((string[])[.. Attributes, "entry_page", "exit_page", "entry_host", "exit_host"])
            .Select(name => $"(SELECT text FROM texts WHERE id = {name})");
        var steps = Enumerable.Range(1, 31).Where(set => (set & ~(FunnelSteps.Page | FunnelSteps.Cart | FunnelSteps.Purchase)) == 0)
            .Sum(FunnelSteps.Bit);
        Assert.Equal(
            ["2", "2026-11-23", "2", "2", Text(first.Time), "345", Text(Country.FromStored("NP").Index), .. Attributes.Select(name =>
                $"{name} 1"), "/page 1", "/last", "host 1", "host 2", "2", "6", "60", "0", Text(steps), "1", "2"],
            Row($"SELECT site, day, visit, visitor, start, zone, country, {string.Join(", ", texts)}, " +
                "pageviews, events, duration, bounce, funnel, orders, refunds FROM visits"));
        Assert.Equal(["2", "2026-11-01"], Row("SELECT site, month FROM closed_months"));
        Assert.Equal(["0"], Row("SELECT count(*) FROM opened WHERE site = 2"));
    }

    [Fact]
    public void Extreme_texts_come_back_as_they_were()
    {
        for (var i = 0; i < Extreme.Length; i++)
        {
            var text = Extreme[i];
            // A referrer that begins with the host is the shop's own page.
            var texts = Full(0).Texts.Keys.ToDictionary(field => field, field => field == DetailField.Referrer ? $"r{text}" : text);
            _journal.Commit(null, new TestHit(_site, Moment(i), HitKind.Custom, (ulong)i + 1, "NP")
            {
                Texts = texts,
                Props = new Dictionary<string, string> { [text] = text },
                Items = [new TestItem(text, text, text, text, text)],
                Campaign = Full(0).Campaign.ToDictionary(pair => pair.Key, _ => text),
            });
        }
        Project();
        string[] columns = [.. Attributes.Select(name => $"o.{name}"), "h.page", "h.host", "h.name", "h.currency", "p.item_id", "p.name",
            "p.category", "p.brand", "p.variant", "s.name", "s.value"];
        foreach (var column in columns)
        {
            var read = Rows($"""
                SELECT (SELECT text{(column == "o.referrer" ? "[2:]" : "")} FROM texts WHERE id = {column})
                FROM hits h JOIN opened o USING (visit) JOIN items i USING (visit) JOIN products p ON p.id = i.product JOIN props s
                ON s.set = h.props ORDER BY h.visit
                """).Select(row => row[0]).ToList();
            // NUL ends a text in DuckDB's C interface, and is replaced.
            Assert.True(Extreme.Select(text => text.Replace('\0', '\uFFFD')).SequenceEqual(read), column);
        }
    }

    [Fact]
    public void Extreme_numbers_come_back_as_they_were_and_larger_ones_as_the_largest()
    {
        const decimal Most = 999_999_999_999m;
        decimal[] amounts = [0, 0.000_001m, Most, 0.1m, 12_345_678.9m];
        foreach (var amount in amounts)
            _journal.Commit(null, new TestHit(_site, Moment(5), HitKind.Purchase, 1)
            {
                Value = amount,
                Items = [new TestItem("a", Price: amount, Quantity: amount)]
            });
        // 200 items of the largest quantity and price, without a value: more than a column holds.
        _journal.Commit(null, new TestHit(_site, Moment(6), HitKind.Purchase,
            ulong.MaxValue)
        { Items = [.. Enumerable.Range(0, 200).Select(_ => new TestItem("a", Price: Most, Quantity: Most))] });
        Project();
        string[] texts = [.. amounts.Select(amount => Text(amount))];
        Assert.Equal([.. texts, "999999999999.999999"], Rows("SELECT value FROM orders ORDER BY position").Select(row => row[0]));
        Assert.Equal([.. texts, "999999999999.999999"], Rows("SELECT units FROM orders ORDER BY position").Select(row => row[0]));
        Assert.Equal([.. texts, "999999999999.999999"], Rows("SELECT value FROM hits ORDER BY position").Select(row => row[0]));
        Assert.Equal(texts, Rows("SELECT price FROM items WHERE position < 6 ORDER BY position").Select(row => row[0]));
        Assert.Equal(texts, Rows("SELECT quantity FROM items WHERE position < 6 ORDER BY position").Select(row => row[0]));
        Assert.Equal(["200", "199999999999800"], Row("SELECT count(*), sum(quantity) FROM items WHERE position = 6"));
        // The day can be added up, although it is worth more than money of the world.
        using var connection = _database.Connect();
        DailyRollup.RollUpDay(connection, 1, _site.DayOf(Moment(5)), Cancel);
        Assert.Equal([Text(amounts.Sum() + 999_999_999_999.999_999m)], Row("SELECT revenue FROM m_totals WHERE dim = 0 AND country = -1"));
    }

    [Fact]
    public void No_table_has_a_column_that_this_test_does_not_know()
    {
        using var connection = _database.Connect();
        var columns = Rows(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'main' AND table_catalog = " +
            "current_catalog() ORDER BY table_name, ordinal_position")
            .GroupBy(row => row[0], row => row[1])
            .Where(table => !Rollup.Tables.Contains(table.Key))
            .ToDictionary(table => table.Key, table => table.ToArray());
        Assert.Equal(Known.Keys.Order(), columns.Keys.Order());
        foreach (var (table, names) in Known) Assert.Equal(names, columns[table]);
    }

    public void Dispose()
    {
        _database.Dispose();
        _directory.Dispose();
    }

    /// <summary>A purchase in which no two texts and numbers are alike.</summary>
    private TestHit Full(int number) => new(_site, Moment(20), HitKind.Purchase, ulong.MaxValue, "NP")
    {
        Texts = new Dictionary<DetailField, string>
        {
            [DetailField.Path] = $"/page {number}",
            [DetailField.Host] = $"host {number}",
            [DetailField.Name] = $"name {number}",
            [DetailField.TransactionId] = $"transaction {number}",
            [DetailField.Currency] = $"currency {number}",
            [DetailField.Referrer] = $"referrer {number}",
            [DetailField.Browser] = $"browser {number}",
            [DetailField.BrowserVersion] = $"browser_version {number}",
            [DetailField.Os] = $"os {number}",
            [DetailField.OsVersion] = $"os_version {number}",
            [DetailField.Device] = $"device {number}",
            [DetailField.Language] = $"language {number}",
            [DetailField.Screen] = $"screen {number}",
            [DetailField.Source] = $"source {number}",
            [DetailField.Channel] = $"channel {number}",
        },
        Value = 12345.678901m,
        Items = [new TestItem($"id {number}", $"name {number}", $"category {number}", $"brand {number}", $"variant {number}", 19.250001m,
            3.5m), new TestItem($"jd {number}")],
        Props = new Dictionary<string, string> { [$"prop {number}"] = $"value {number}", [$"qrop {number}"] = $"walue {number}" },
        Campaign = Attributes.Where(name => name.StartsWith("utm_", StringComparison.Ordinal))
            .ToDictionary(name => name, name => $"{name} {number}"),
    };

    /// <summary>A time on 23 November in Nepal, which is 5:45 ahead of UTC.</summary>
    private static long Moment(int seconds) =>
        new DateTimeOffset(2026, 11, 22, 20, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() + seconds * 1_000 + 123;

    private void Project()
    {
        using var projection =
            new HistoryWriter(_database.Connect(), _sites, TestKeyHashers.Any, new HistoryOptions(), TimeProvider.System);
        projection.Reconcile(_journal, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        while (projection.ProjectNext(_journal, 1_000) > 0) { }
    }

    private string[] Row(string sql) => Assert.Single(Rows(sql));

    private List<string[]> Rows(string sql)
    {
        using var connection = _database.Connect();
        return [.. connection.Query(sql)
            .Select(row => Enumerable.Range(0, row.FieldCount).Select(i => row.IsDBNull(i) ? "NULL" : Text(row.GetValue(i))).ToArray())];
    }

    private static string Text(object value) => value switch
    {
        decimal number => number.ToString("0.######", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
