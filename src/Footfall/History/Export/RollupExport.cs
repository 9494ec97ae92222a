using System.Globalization;
using Footfall.Common;
using Footfall.History.Rollups;
using Footfall.History.Schema;

namespace Footfall.History.Export;

/// <summary>The rollups of closed days: one row per day, country and dimension value.</summary>
internal sealed class RollupExport(ExportSource source, Rollup rollup)
{
    /// <summary>About how many rows are read at once.</summary>
    private const int ChunkSize = 10_000;

    private const string CountColumns =
        "visitors, visits, pageviews, events, bounces, duration, carts, checkouts, buyers, cart_buyers, orders, refunds";

    private static readonly string[] CountNames =
        ["visitors", "visits", "pageviews", "events", "bounces", "visit_duration", "carts", "checkouts", "buyers", "cart_buyers", "orders",
            "refunds"];

    public static readonly IReadOnlyList<ExportColumn> Columns =
    [
        new("site", ExportColumnType.Text), new("day", ExportColumnType.Day), new("country", ExportColumnType.Text),
        new("value", ExportColumnType.Text),
        .. CountNames.Select(name => new ExportColumn(name, ExportColumnType.Number)),
        new("money", ExportColumnType.Json),
    ];

    private readonly ExportTexts _texts = new();

    /// <summary>Metrics that are unknown for a part of a visit; <see cref="Rollup"/> stores 0 for them.</summary>
    private static readonly HashSet<string> WholeVisitCounts = ["bounces", "visit_duration", "carts", "checkouts", "buyers", "cart_buyers"];

    public IEnumerable<List<object?[]>> ReadChunks()
    {
        List<int> days;
        using (var snapshot = source.BeginSnapshot())
        {
            if (source.FindSiteNumber(snapshot) is null) yield break;
            days = snapshot.Read(
                $"SELECT DISTINCT day - {DimensionColumns.Epoch} AS day {rollup.CountsFrom} AND {source.DaysCondition} AND grain = 0 " +
                $"ORDER BY day", null, static row => (int)row.GetInt64(0));
        }
        foreach (var day in days)
            foreach (var (first, last) in ReadCountryRanges(day))
            {
                _texts.Trim();
                yield return ReadRows(day, first, last);
            }
    }

    /// <summary>Splits a day between countries.</summary>
    private List<(int First, int Last)> ReadCountryRanges(int day)
    {
        using var snapshot = source.BeginSnapshot();
        return snapshot.Read($"""
            SELECT min(country)::INTEGER, max(country)::INTEGER FROM (
                SELECT country, (sum(rows) OVER (ORDER BY country) - rows) // {ChunkSize} AS piece
                FROM (SELECT country, count(*) AS rows {rollup.CountsFrom} AND {source.DayCondition(day)} AND grain = 0 GROUP BY country))
            GROUP BY piece ORDER BY 1
            """, null, static row => (row.GetInt32(0), row.GetInt32(1)));
    }

    private List<object?[]> ReadRows(int day, int first, int last)
    {
        using var snapshot = source.BeginSnapshot();
        var where = $"{source.DayCondition(day)} AND country BETWEEN {first} AND {last}";
        var money = snapshot.Read(
            $"SELECT country, value, currency, revenue, refunded, units, orders {rollup.MoneyFrom} AND {where} AND grain = 0 ORDER BY " +
            $"country, value, currency", null, row =>
            (Country: row.GetInt16(0), Value: row.GetInt32(1), Currency: _texts.Request(row.GetInt32(2)), Revenue: row.GetDecimal(3),
                Refunded: row.GetDecimal(4), Units: row.GetDecimal(5), Orders: row.GetInt32(6)))
            .ToLookup(row => (row.Country, row.Value));
        var rows = snapshot.Read(
            $"SELECT country, value, {CountColumns} {rollup.CountsFrom} AND {where} AND grain = 0 ORDER BY country, value", null, row =>
        {
            var counts = new long[CountNames.Length];
            for (var i = 0; i < counts.Length; i++) counts[i] = Convert.ToInt64(row.GetValue(2 + i), CultureInfo.InvariantCulture);
            return (Country: row.GetInt16(0), Value: IsText ? _texts.Request(row.GetInt32(1)) : row.GetInt32(1), Counts: counts);
        });
        _texts.Fetch(snapshot);
        return [.. rows.Select(found =>
        {
            var row = new object?[Columns.Count];
            (row[0], row[1], row[2], row[3]) =
                (source.Domain, (long)day, found.Country < 0 ? null : new Country((ushort)found.Country).Code, Value(found.Value));
            for (var i = 0; i < found.Counts.Length; i++) row[4 + i] = IsKnown(CountNames[i]) ? found.Counts[i] : null;
            var amounts = money[(found.Country, found.Value)].Select(sum => string.Create(CultureInfo.InvariantCulture,
                $"{{\"currency\":\"{_texts.Find(sum.Currency)}\",\"revenue\":\"{Decimals.TrimZeros(sum.Revenue)}\"," +
                $"\"refunded\":\"{Decimals.TrimZeros(sum.Refunded)}\",\"units\":\"{Decimals.TrimZeros(sum.Units)}\"," +
                $"\"orders\":{sum.Orders}}}"));
            row[^1] = string.Join(',', amounts) is { Length: > 0 } list ? $"[{list}]" : null;
            return row;
        })];
    }

    private bool IsText => rollup.Source != RollupSource.Bot && rollup != Rollup.Hour && rollup != Rollup.Total;

    private bool IsKnown(string count) => !WholeVisitCounts.Contains(count) || rollup.Source == RollupSource.Visit || rollup == Rollup.Hour
        || (rollup.Source == RollupSource.Item && count is not ("bounces" or "visit_duration"));

    private string? Value(int value) => rollup.Source switch
    {
        RollupSource.Bot => BotReasonNames.NameOf(value),
        _ when rollup == Rollup.Total => null,
        _ when rollup == Rollup.Hour => value.ToString("00", CultureInfo.InvariantCulture),
        _ => _texts.Find(value),
    };
}
