using DuckDB.NET.Data;
using Footfall.History.Planning;
using Footfall.Words;

namespace Footfall.History.Store;

/// <summary>Adds up days and months. Each is one transaction: a reader sees the hits of a day or its rollups, never half of them.</summary>
internal static class DayCloser
{
    private static readonly string Day = Embedded.Sql("rollup_day.sql");

    /// <summary>Everything that is inserted for a day, in order; the parameters are site and day.</summary>
    private static readonly string[] Inserts =
    [
        // All dimensions of a family and a kind at once: a statement costs milliseconds before it has looked at a row.
        .. Rollup.All.Where(rollup => rollup != Rollup.Hour).GroupBy(rollup => (rollup.Family, rollup.Of)).Select(rollups => Fill(TemplateOf(rollups.Key.Of), [.. rollups])),
        .. Rollup.All.Where(rollup => rollup.HasFunnel).GroupBy(rollup => rollup.Family).Select(rollups => Fill("rollup_funnels.sql", [.. rollups])),
        Fill("rollup_hours.sql", [Rollup.Hour]),
    ];

    /// <summary>The grain of rows on their way.</summary>
    private const int Merged = 2;

    private static readonly string[] Months = Sums(1, "MONTH"), Merges = Sums(Merged, "DAY");

    /// <summary>
    /// Closes a day, or closes it anew after late hits. Where retention has removed the hits that the day was added up from, the late ones are added to that and go too: their visits are
    /// new ones, so that all of it is a sum.
    /// </summary>
    /// <param name="day">In days since 1970-01-01.</param>
    /// <returns>Whether hits have gone.</returns>
    public static bool CloseDay(DuckDBConnection connection, int site, int day, CancellationToken stop)
    {
        var date = LocalDay.DateOf(day);
        var removed = Retention.HasRemoved(connection, site, date);
        Transactions.Run(connection, () =>
        {
            var visits = VisitsOfDays.Sql($"site = {site} AND day = {DaySet.Date(day)}");
            Run(connection, Day.Replace("{visits}", visits, StringComparison.Ordinal), site, date);
            // Each of these looks at a table: a day that is closed for the first time, as nearly all are, has no rows in them.
            foreach (var table in (IReadOnlyList<string>)(!removed && WasClosed(connection, site, date) ? Rollup.Tables : []))
                connection.Run($"DELETE FROM {table} WHERE site = $1 AND grain = 0 AND day = $2", site, date);
            foreach (var insert in Inserts)
            {
                stop.ThrowIfCancellationRequested();
                Run(connection, insert, site, date);
            }
            if (removed) Merge(connection, site, date);
        });
        foreach (var table in (string[])["day_visits", "day_hits", "day_orders", "day_items"]) connection.Run($"DROP TABLE IF EXISTS temp.{table}");
        return removed;
    }

    /// <summary>Makes one row a key of those that the day had and those that were added, and removes the hits.</summary>
    private static void Merge(DuckDBConnection connection, int site, DateOnly day)
    {
        foreach (var sql in Merges) Run(connection, sql, site, day);
        foreach (var table in Rollup.Tables)
        {
            connection.Run($"DELETE FROM {table} WHERE site = $1 AND grain = 0 AND day = $2", site, day);
            connection.Run($"UPDATE {table} SET grain = 0 WHERE site = $1 AND grain = {Merged} AND day = $2", site, day);
        }
        Retention.RemoveLateHits(connection, site, day);
    }

    /// <summary>Adds up the days of a month that is over.</summary>
    /// <param name="month">Its first day.</param>
    public static void CloseMonth(DuckDBConnection connection, int site, DateOnly month, CancellationToken stop) => Transactions.Run(connection, () =>
    {
        foreach (var sql in Months)
        {
            stop.ThrowIfCancellationRequested();
            Run(connection, sql, site, month);
        }
        connection.Run("INSERT INTO closed_months VALUES ($1, $2)", site, month);
    });

    /// <summary>Whether there are rollups of a day: with a visit it has a total, and otherwise it has robots.</summary>
    private static bool WasClosed(DuckDBConnection connection, int site, DateOnly day) =>
        connection.Scalar<long>("SELECT count(*) FROM r_totals WHERE site = $1 AND grain = 0 AND day = $2", site, day) > 0;

    /// <summary>Runs statements one by one, each with as many of the parameters as it names.</summary>
    private static void Run(DuckDBConnection connection, string statements, int site, DateOnly day)
    {
        foreach (var statement in statements.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var literal = statement.Replace("$2", $"DATE '{day:yyyy-MM-dd}'", StringComparison.Ordinal).Replace("$1", $"{site}", StringComparison.Ordinal);
            connection.Run(literal);
        }
    }

    private static string[] Sums(int grain, string span) => [.. Rollup.Families.Select(family => Embedded.Sql("rollup_month.sql")
        .Replace("{family}", family, StringComparison.Ordinal).Replace("{grain}", $"{grain}", StringComparison.Ordinal).Replace("{span}", span, StringComparison.Ordinal))];

    private static string TemplateOf(RollupOf of) => of switch
    {
        RollupOf.Visit => "rollup_visits.sql",
        RollupOf.Hit => "rollup_hits.sql",
        RollupOf.Item => "rollup_items.sql",
        _ => "rollup_bots.sql",
    };

    private static string Fill(string template, IReadOnlyList<Rollup> rollups) => Embedded.Sql(template)
        .Replace("{family}", Rollup.NameOf(rollups[0].Family), StringComparison.Ordinal)
        .Replace("{dims}", string.Join(", ", rollups.Select(rollup => rollup.Number)), StringComparison.Ordinal)
        .Replace("{columns}", string.Join(", ", rollups.Select(rollup => rollup.Column)), StringComparison.Ordinal)
        .Replace("{name}", $"{Rollup.Name.Number}", StringComparison.Ordinal)
        .Replace("{amount}", ItemAmount.Sql("price", "quantity"), StringComparison.Ordinal)
        .Replace("{cart}", $"{Funnel.Bit(Funnel.Cart)}", StringComparison.Ordinal)
        .Replace("{checkout}", $"{Funnel.Bit(Funnel.Checkout)}", StringComparison.Ordinal)
        .Replace("{purchase}", $"{Funnel.Bit(Funnel.Purchase)}", StringComparison.Ordinal);
}
