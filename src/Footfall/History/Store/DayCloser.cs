using DuckDB.NET.Data;
using Footfall.History.Planning;
using Footfall.Words;

namespace Footfall.History.Store;

/// <summary>Adds up days and months. Each is one transaction: a reader sees the hits of a day or its rollups, never half of them.</summary>
internal static class DayCloser
{
    private static readonly string Day = Embedded.Text("rollup_day.sql");

    /// <summary>Everything that is inserted for a day, in order; the parameters are site and day.</summary>
    private static readonly string[] Inserts = [.. Rollup.All.SelectMany(InsertsOf)];

    private static readonly string[] Months = [.. Rollup.All.Select(rollup => Fill(Embedded.Text("rollup_month.sql"), rollup))];

    /// <summary>Closes a day, or closes it anew after late hits.</summary>
    /// <param name="day">In days since 1970-01-01.</param>
    public static void CloseDay(DuckDBConnection connection, int site, int day, CancellationToken stop)
    {
        var date = LocalDay.DateOf(day);
        Transactions.Run(connection, () =>
        {
            var visits = VisitsOfDays.Sql($"site = {site} AND day = DATE '{date:yyyy-MM-dd}'");
            Run(connection, Day.Replace("{visits}", visits, StringComparison.Ordinal), site, date);
            // Each of these looks at a table: a day that is closed for the first time, as nearly all are, has no rows in them.
            foreach (var rollup in WasClosed(connection, site, date) ? Rollup.All : [])
            {
                connection.Run($"DELETE FROM r_{rollup.Name} WHERE site = $1 AND grain = 0 AND day = $2", site, date);
                connection.Run($"DELETE FROM m_{rollup.Name} WHERE site = $1 AND day = $2", site, date);
                connection.Run($"DELETE FROM f_{rollup.Name} WHERE site = $1 AND grain = 0 AND day = $2", site, date);
            }
            foreach (var insert in Inserts)
            {
                stop.ThrowIfCancellationRequested();
                Run(connection, insert, site, date);
            }
        });
        foreach (var table in (string[])["day_visits", "day_hits", "day_orders", "day_items"]) connection.Run($"DROP TABLE IF EXISTS temp.{table}");
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
    private static bool WasClosed(DuckDBConnection connection, int site, DateOnly day) => connection.Scalar<long>("""
        SELECT (SELECT count(*) FROM r_total WHERE site = $1 AND grain = 0 AND day = $2) + (SELECT count(*) FROM r_bot WHERE site = $1 AND grain = 0 AND day = $2)
        """, site, day) > 0;

    /// <summary>Runs statements one by one, each with as many of the parameters as it names.</summary>
    private static void Run(DuckDBConnection connection, string statements, int site, DateOnly day)
    {
        foreach (var statement in statements.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var literal = statement.Replace("$2", $"DATE '{day:yyyy-MM-dd}'", StringComparison.Ordinal).Replace("$1", $"{site}", StringComparison.Ordinal);
            connection.Run(literal);
        }
    }

    private static IEnumerable<string> InsertsOf(Rollup rollup) => rollup switch
    {
        _ when rollup == Rollup.Hour => [Fill(Embedded.Text("rollup_hours.sql"), rollup)],
        { Of: RollupOf.Visit } => Rollup.Visits.Select(name => Fill(Embedded.Text(name), rollup)).Take(rollup.HasFunnel ? 3 : 2),
        { Of: RollupOf.Hit } => [Fill(Embedded.Text("rollup_hits.sql"), rollup)],
        { Of: RollupOf.Item } => [Fill(Embedded.Text("rollup_items.sql"), rollup)],
        _ => [Embedded.Text("rollup_bots.sql")],
    };

    private static string Fill(string template, Rollup rollup) => template
        .Replace("{dimension}", rollup.Name, StringComparison.Ordinal)
        .Replace("{column}", rollup.Column, StringComparison.Ordinal)
        // The value of any event is that of its goal; of a page only purchases are revenue.
        .Replace("{sold}", rollup.Name == "name" ? "kind NOT IN (7, 9)" : "kind = 6", StringComparison.Ordinal)
        .Replace("{cart}", $"{Funnel.Bit(Funnel.Cart)}", StringComparison.Ordinal)
        .Replace("{checkout}", $"{Funnel.Bit(Funnel.Checkout)}", StringComparison.Ordinal)
        .Replace("{purchase}", $"{Funnel.Bit(Funnel.Purchase)}", StringComparison.Ordinal);
}
