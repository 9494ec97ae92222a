using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History.Queries;
using Footfall.History.Schema;

namespace Footfall.History.Rollups;

/// <summary>Rolls up days and months. Each is one transaction: a reader sees the hits of a day or its rollups, never a mix.</summary>
internal static class DailyRollup
{
    private static readonly string DaySql = EmbeddedResources.ReadSql("rollup_day.sql");

    /// <summary>All INSERT statements of a day, in order; the parameters are site and day.</summary>
    private static readonly string[] InsertSql =
    [
        // All dimensions of a family and a kind at once: a statement costs milliseconds before it reads a row.
        .. Rollup.All.Where(rollup => rollup != Rollup.Hour).GroupBy(rollup => (rollup.Family, rollup.Source))
            .Select(rollups => FillTemplate(TemplateOf(rollups.Key.Source), [.. rollups])),
        .. Rollup.All.Where(rollup => rollup.HasFunnel).GroupBy(rollup => rollup.Family)
            .Select(rollups => FillTemplate("rollup_funnels.sql", [.. rollups])),
        FillTemplate("rollup_hours.sql", [Rollup.Hour]),
    ];

    /// <summary>The grain of temporary rows.</summary>
    private const int MergeGrain = 2;

    private static readonly string[] MonthSql = MonthTemplates(1, "MONTH"), MergeSql = MonthTemplates(MergeGrain, "DAY");

    /// <summary>
    /// Closes a day, or closes it again after late hits. If retention has deleted the hits of the rollups, the late hits are added to the
    /// rollups and deleted too: their visits are new, so everything can be summed.
    /// </summary>
    /// <param name="day">Days since 1970-01-01.</param>
    /// <returns>Whether hits were deleted.</returns>
    public static bool RollUpDay(DuckDBConnection connection, int site, int day, CancellationToken cancellationToken)
    {
        var date = LocalDay.DateOf(day);
        var removed = Retention.HasRemoved(connection, site, date);
        WriteTransaction.Run(connection, () =>
        {
            var visits = VisitsFromHits.Select($"site = {site} AND day = {DaySet.DateLiteral(day)}");
            RunStatements(connection, DaySql.Replace("{visits}", visits, StringComparison.Ordinal), site, date);
            // Each of these reads a table; a day that is closed for the first time, as nearly all are, has no rows there.
            foreach (var table in (IReadOnlyList<string>)(!removed && HasRollups(connection, site, date) ? Rollup.Tables : []))
                connection.Execute($"DELETE FROM {table} WHERE site = $1 AND grain = 0 AND day = $2", site, date);
            foreach (var insert in InsertSql)
            {
                cancellationToken.ThrowIfCancellationRequested();
                RunStatements(connection, insert, site, date);
            }
            if (removed) Merge(connection, site, date);
        });
        foreach (var table in (string[])["day_visits", "day_hits", "day_orders", "day_items"])
            connection.Execute($"DROP TABLE IF EXISTS temp.{table}");
        return removed;
    }

    /// <summary>Merges the existing and the added rows into one row per key, and deletes the hits.</summary>
    private static void Merge(DuckDBConnection connection, int site, DateOnly day)
    {
        foreach (var sql in MergeSql) RunStatements(connection, sql, site, day);
        foreach (var table in Rollup.Tables)
        {
            connection.Execute($"DELETE FROM {table} WHERE site = $1 AND grain = 0 AND day = $2", site, day);
            connection.Execute($"UPDATE {table} SET grain = 0 WHERE site = $1 AND grain = {MergeGrain} AND day = $2", site, day);
        }
        Retention.RemoveLateHits(connection, site, day);
    }

    /// <summary>Rolls up the days of a past month.</summary>
    /// <param name="month">Its first day.</param>
    public static void RollUpMonth(DuckDBConnection connection, int site, DateOnly month, CancellationToken cancellationToken) =>
        WriteTransaction.Run(connection, () =>
    {
        foreach (var sql in MonthSql)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RunStatements(connection, sql, site, month);
        }
        connection.Execute("INSERT INTO closed_months VALUES ($1, $2)", site, month);
    });

    /// <summary>Whether a day has rollups: with visits it has a total, otherwise bots.</summary>
    private static bool HasRollups(DuckDBConnection connection, int site, DateOnly day) =>
        connection.Scalar<long>("SELECT count(*) FROM r_totals WHERE site = $1 AND grain = 0 AND day = $2", site, day) > 0;

    /// <summary>Runs statements one by one, each with the parameters that it uses.</summary>
    private static void RunStatements(DuckDBConnection connection, string statements, int site, DateOnly day)
    {
        foreach (var statement in statements.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var literal = statement.Replace("$2", $"DATE '{day:yyyy-MM-dd}'", StringComparison.Ordinal)
                .Replace("$1", $"{site}", StringComparison.Ordinal);
            connection.Execute(literal);
        }
    }

    private static string[] MonthTemplates(int grain, string span) =>
        [.. Rollup.Families.Select(family => EmbeddedResources.ReadSql("rollup_month.sql")
        .Replace("{family}", family, StringComparison.Ordinal).Replace("{grain}", $"{grain}", StringComparison.Ordinal)
        .Replace("{span}", span, StringComparison.Ordinal))];

    private static string TemplateOf(RollupSource of) => of switch
    {
        RollupSource.Visit => "rollup_visits.sql",
        RollupSource.Hit => "rollup_hits.sql",
        RollupSource.Item => "rollup_items.sql",
        _ => "rollup_bots.sql",
    };

    private static string FillTemplate(string template, IReadOnlyList<Rollup> rollups) => EmbeddedResources.ReadSql(template)
        .Replace("{family}", Rollup.NameOf(rollups[0].Family), StringComparison.Ordinal)
        .Replace("{dims}", string.Join(", ", rollups.Select(rollup => rollup.Number)), StringComparison.Ordinal)
        .Replace("{columns}", string.Join(", ", rollups.Select(rollup => rollup.Column)), StringComparison.Ordinal)
        .Replace("{name}", $"{Rollup.EventName.Number}", StringComparison.Ordinal)
        .Replace("{amount}", ItemAmount.Sql("price", "quantity"), StringComparison.Ordinal)
        .Replace("{cart}", $"{FunnelSteps.Bit(FunnelSteps.Cart)}", StringComparison.Ordinal)
        .Replace("{checkout}", $"{FunnelSteps.Bit(FunnelSteps.Checkout)}", StringComparison.Ordinal)
        .Replace("{purchase}", $"{FunnelSteps.Bit(FunnelSteps.Purchase)}", StringComparison.Ordinal);
}
