using System.Data.Common;
using Footfall.History.Rollups;
using Footfall.History.Schema;

namespace Footfall.History.Queries;

/// <summary>Amounts by dimension, day and currency.</summary>
/// <param name="Key">The numbers of the dimensions.</param>
/// <param name="Day">Days since 1970-01-01; 0 if the day doesn't matter.</param>
/// <param name="Currency">The text's number.</param>
/// <param name="Count">The number of orders, or of hits with the amount.</param>
/// <param name="Units">The units sold, if requested.</param>
internal readonly record struct MoneyRow(GroupKey Key, int Day, int Currency, decimal Revenue, decimal Refunded, long Count, decimal Units);

internal static class MoneySql
{
    /// <summary>Purchases and refunds.</summary>
    /// <param name="currency">The number of the site's currency: its amounts need no rate, and so no day.</param>
    /// <param name="byDay">Whether rates differ by day.</param>
    /// <param name="units">Whether to read the units too, for a query by visits or by products.</param>
    public static List<MoneyRow> ReadOrders(TextDictionary dictionary, PeriodPartition partition, Grouping grouping, int currency,
        bool byDay, bool units)
    {
        var parameters = new SqlParameters();
        return Read(dictionary, parameters, grouping, OrderStatements(dictionary, parameters, partition, grouping, currency, byDay, units),
            units);
    }

    /// <summary>
    /// Statements whose rows must be summed: the dimensions as <c>d0</c>, <c>d1</c>, …, then <c>on_day</c>, <c>in_currency</c>,
    /// <c>revenue</c>, <c>refunded</c>, <c>orders</c>, <c>units</c>.
    /// </summary>
    /// <inheritdoc cref="ReadOrders"/>
    public static List<string> OrderStatements(TextDictionary dictionary, SqlParameters parameters, PeriodPartition partition,
        Grouping grouping, int currency, bool byDay, bool units)
    {
        var statements = new List<string>();
        var choice = !partition.HasRollups ? null : RollupChoice.Find(grouping.Dimensions, grouping.Filter);
        if (choice is not null)
        {
            // By name there is the value of every event; that of a purchase is its revenue.
            var sold = choice.Rollup == Rollup.EventName ? $"(value = {dictionary.Id("purchase")})::INTEGER * " : "";
            var where = choice.Where(dictionary, parameters, grouping.Dimensions);
            foreach (var rows in partition.RollupConditions(grouping.FitsMonths && !byDay))
                statements.Add(SelectRows(RollupChoice.DimensionExpressions(grouping.Dimensions), Day("", "currency"), "currency",
                    $"{sold}revenue", "refunded", $"{sold}orders", units ? "units" : "0",
                    $"{choice.Rollup.MoneyFrom} AND {rows} AND {where}"));
        }
        var range = choice is null ? partition.All : partition.NotRolledUp;
        if (!range.IsEmpty)
        {
            var rows = new HitSql(dictionary, parameters, range, grouping.Dimensions, grouping.Filter, grouping.NeedsHits ? "hits"
                : "orders",
                $"h.kind IN (6, 7){(grouping.NeedsHits && !grouping.NeedsItems ? " AND h.value IS NOT NULL" : "")}");
            var amount = grouping.NeedsItems ? ItemAmount.Sql($"{rows.ItemAlias}.price", $"{rows.ItemAlias}.quantity") : "h.value";
            var of = grouping.NeedsItems ? $"coalesce({rows.ItemAlias}.currency, 0)" : "h.currency";
            var count = grouping.NeedsItems ? $"count(DISTINCT CASE WHEN {rows.ItemAlias}.product IS NOT NULL THEN {HitSql.HitKey} END)"
                : "count(*)";
            var pieces = units ? $"sum({(grouping.NeedsItems ? $"{rows.ItemAlias}.quantity" : "h.units")}) FILTER (h.kind = 6)" : "0";
            statements.Add(SelectGrouped(rows.Dimensions, Day("h.", of), of,
                $"sum({amount}) FILTER (h.kind = 6)", $"sum({amount}) FILTER (h.kind = 7)", $"{count} FILTER (h.kind = 6)", pieces,
                rows.From));
        }
        return statements;

        string Day(string alias, string of) => DayExpression(alias, of, currency, byDay);
    }

    /// <summary>The value of events of any kind.</summary>
    /// <param name="currency">The number of the site's currency: its amounts need no rate, and so no day.</param>
    /// <param name="byDay">Whether rates differ by day.</param>
    public static List<MoneyRow> ReadEvents(TextDictionary dictionary, PeriodPartition partition, Grouping grouping, int currency,
        bool byDay)
    {
        var parameters = new SqlParameters();
        var statements = new List<string>();
        var choice = !partition.HasRollups ? null : RollupChoice.Find(grouping.Dimensions, grouping.Filter);
        if (choice?.Rollup != Rollup.EventName) choice = null;
        if (choice is not null)
        {
            var where = choice.Where(dictionary, parameters, grouping.Dimensions);
            foreach (var rows in partition.RollupConditions(grouping.FitsMonths && !byDay))
                statements.Add(SelectRows(RollupChoice.DimensionExpressions(grouping.Dimensions), DayExpression("", "currency", currency,
                    byDay), "currency", "revenue", "0", "orders", "0", $"{Rollup.EventName.MoneyFrom} AND {rows} AND {where}"));
        }
        var range = choice is null ? partition.All : partition.NotRolledUp;
        if (!range.IsEmpty)
        {
            var rows = new HitSql(dictionary, parameters, range, grouping.Dimensions, grouping.Filter,
                where: "h.value IS NOT NULL AND h.kind NOT IN (7, 9)");
            statements.Add(SelectGrouped(rows.Dimensions, DayExpression("h.", "h.currency", currency, byDay), "h.currency", "sum(h.value)",
                "0", "count(*)", "0", rows.From));
        }
        return Read(dictionary, parameters, grouping, statements, units: false);
    }

    private static string DayExpression(string alias, string currency, int siteCurrency, bool byDay) =>
        byDay ? $"CASE WHEN {currency} IN (0, {siteCurrency}) THEN 0 ELSE {alias}day - {DimensionColumns.Epoch} END" : "0";

    private static string SelectGrouped(string[] dimensions, string day, string currency, string revenue, string refunded, string count,
        string units, string from) =>
        $"{SelectRows(dimensions, day, currency, revenue, refunded, count, units, from)} GROUP BY ALL";

    /// <summary>Rows that are summed with all others.</summary>
    private static string SelectRows(string[] dimensions, string day, string currency, string revenue, string refunded, string count,
        string units, string from) =>
        $"SELECT {string.Concat(dimensions.Select((dimension, i) => $"({dimension})::BIGINT AS d{i}, "))}({day})::INTEGER AS on_day, " +
        $"{currency} AS in_currency, " +
        $"coalesce({revenue}, 0)::DECIMAL(38, 6) AS revenue, coalesce({refunded}, 0)::DECIMAL(38, 6) AS refunded, coalesce({count}, " +
        $"0)::BIGINT AS orders, coalesce({units}, 0)::DECIMAL(38, 6) AS units {from}";

    private static List<MoneyRow> Read(TextDictionary dictionary, SqlParameters parameters, Grouping grouping, List<string> statements,
        bool units)
    {
        if (statements.Count == 0) return [];
        var dimensions = grouping.Dimensions.Count;
        var groups = string.Concat(Enumerable.Range(0, dimensions).Select(i => $"d{i}, "));
        return dictionary.Snapshot.Read(
            $"SELECT {groups}on_day, in_currency, sum(revenue), sum(refunded), sum(orders)::BIGINT{(units ? ", sum(units)" : "")} FROM " +
            $"({string.Join(" UNION ALL ", statements)}) GROUP BY ALL",
            parameters,
            row => Read(row, dimensions, units));
    }

    /// <summary>A row whose columns are the dimensions, the day, the currency, and the sums.</summary>
    public static MoneyRow Read(DbDataReader row, int dimensions, bool units) => new(
        GroupKey.Read(row, dimensions), row.GetInt32(dimensions), row.GetInt32(dimensions + 1),
        row.GetDecimal(dimensions + 2), row.GetDecimal(dimensions + 3), row.GetInt64(dimensions + 4),
        units ? row.GetDecimal(dimensions + 5) : 0);
}
