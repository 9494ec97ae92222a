using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History;
using Footfall.History.Queries;
using Footfall.History.Rollups;
using Footfall.History.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Footfall.Tests.History.Queries;

/// <summary>
/// A shop in a store of its own, as the projector would have written it, with its days closed. It takes seconds to make, and no test
/// changes it.
/// </summary>
public sealed class ModelShopDatabase : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly HistoryDatabase _database;
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal) { [""] = 0 };
    private readonly Dictionary<ModelItem, int> _products = [];
    private int _position, _written;

    public ModelShopDatabase()
    {
        Shop = new ModelShop(20260924);
        _database = new HistoryDatabase(
            Options.Create(new FootfallOptions { DataDirectory = _directory, History = new HistoryOptions { Threads = 1 } }));
        _database.Open();
        using var connection = _database.Connect();
        connection.Execute("BEGIN");
        foreach (var site in Sites) connection.Execute("INSERT INTO sites VALUES ($1, $2)", Number(site), site.Domain);
        foreach (var bot in Shop.Bots)
            connection.Execute("INSERT INTO bots VALUES ($1, $2, 1, $3, $4, $5, $6, 1, $7)",
                Number(bot.Site), Date(bot.Site.DayOf(bot.Time)), bot.Time, bot.Zone, (int)bot.Country.Index, (int)bot.Reason,
                Text(bot.Page));
        Load(connection, late: false);
        connection.Execute("COMMIT");
        foreach (var (site, day) in Days(Shop.IsOpen)) connection.Execute("INSERT INTO open_days VALUES ($1, $2)", Number(site), Date(day));
        foreach (var (site, day) in Days((site, day) => !Shop.IsOpen(site, day))) DailyRollup.RollUpDay(connection, Number(site), day,
            CancellationToken.None);
        DailyRollup.RollUpMonth(connection, Number(Shop.Berlin), new DateOnly(2026, 10, 1), CancellationToken.None);
        connection.Execute("BEGIN");
        Load(connection, late: true);
        foreach (var (site, day) in Days(Shop.IsLate)) connection.Execute("INSERT INTO open_days VALUES ($1, $2)", Number(site), Date(day));
        connection.Execute("COMMIT");
        Queries = new HistoryQueries(_database.Connect,
            new ExchangeRatesFile(null, TimeProvider.System, NullLogger<ExchangeRatesFile>.Instance));
    }

    internal ModelShop Shop { get; }

    internal Site[] Sites => [Shop.Berlin, Shop.Santiago];

    internal HistoryQueries Queries { get; }

    internal DuckDBConnection Connect() => _database.Connect();

    public void Dispose()
    {
        _database.Dispose();
        _directory.Dispose();
    }

    private static int Number(Site site) => site.Index * 7;

    private IEnumerable<(Site Site, int Day)> Days(Func<Site, int, bool> which) =>
        from site in Sites
        from day in Enumerable.Range(Shop.Days(site).First, Shop.Days(site).Last - Shop.Days(site).First + 1)
        where which(site, day)
        select (site, day);

    private void Load(DuckDBConnection connection, bool late)
    {
        foreach (var hit in Shop.Visits.SelectMany(visit => visit.Hits).Where(hit => hit.Late == late).OrderBy(hit => hit.Time))
        {
            var visit = hit.Visit;
            int site = Number(visit.Site), position = ++_position / 5, seq = _position % 5;
            if (hit == visit.Hits[0])
                connection.Execute(
                    $"INSERT INTO opened VALUES ($1, $2, $3, $4, $5, $6, $7, " +
                    $"{string.Join(", ", ModelShop.AttributeKinds.Select(kind => Text(visit.Attributes[kind])))})",
                    site, Date(visit.Day), visit.Number, visit.Visitor, visit.Start, hit.Zone, (int)visit.Country.Index);
            connection.Execute("INSERT INTO hits VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)", site,
                Date(visit.Day), (long)position, hit.Time, hit.Zone, visit.Number,
                visit.Visitor, hit.Kind, Text(hit.Page), Text(hit.Host), Text(hit.Name), Props(connection, hit.Props), hit.Value,
                Text(hit.Currency), seq);
            foreach (var item in hit.Items)
                connection.Execute("INSERT INTO items VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)", site, Date(visit.Day),
                    (long)position, hit.Time, visit.Number, visit.Visitor, hit.Kind,
                    Product(connection, item), item.Price, item.Quantity, Text(hit.Currency), seq);
            if (hit.Kind is 6 or 7)
                connection.Execute("INSERT INTO orders VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11, $12)", site,
                    Date(visit.Day), (long)position, hit.Time, hit.Zone, visit.Number,
                    visit.Visitor, hit.Kind, hit.Value, hit.Items.Sum(item => item.Quantity), Text(hit.Currency), seq);
        }
        foreach (var (text, id) in _texts.Where(pair => pair.Value > _written)) connection.Execute("INSERT INTO texts VALUES ($1, $2)", id,
            text);
        _written = _texts.Values.Max();
    }

    private int Text(string text)
    {
        if (!_texts.TryGetValue(text, out var id)) _texts[text] = id = _texts.Count;
        return id;
    }

    private int Product(DuckDBConnection connection, ModelItem item)
    {
        item = item with { Price = 0, Quantity = 0 };
        if (_products.TryGetValue(item, out var known)) return known;
        _products[item] = known = _products.Count + 1;
        connection.Execute("INSERT INTO products VALUES ($1, $2, $3, $4, $5, 0)", known, Text(item.Id), Text(item.Name),
            Text(item.Category), Text(item.Brand));
        return known;
    }

    private int Props(DuckDBConnection connection, IReadOnlyDictionary<string, string> props)
    {
        if (props.Count == 0) return 0;
        var key = string.Join(';', props.Select(prop => $"{prop.Key}={prop.Value}"));
        var known = _texts.ContainsKey(key);
        var set = Text(key);
        if (!known)
            foreach (var (name, value) in props) connection.Execute("INSERT INTO props VALUES ($1, $2, $3)", set, Text(name), Text(value));
        return set;
    }

    private static DateOnly Date(int day) => DateOnly.FromDayNumber(new DateOnly(1970, 1, 1).DayNumber + day);
}

[CollectionDefinition(nameof(ModelShopDatabase))]
public sealed class ModelShopCollection : ICollectionFixture<ModelShopDatabase>;
