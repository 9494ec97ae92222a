using System.Diagnostics;
using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History.Rollups;
using Footfall.History.Schema;

namespace HistoryBench;

/// <summary>Makes the same shop each time: hits of 400 days, straight into the store, and closes every day but the last.</summary>
internal static class Generator
{
    private const int Days = 400;

    private const double HitsAVisit = 12.4;

    /// <param name="today">The last day: it stays open.</param>
    /// <param name="buyers">The share of visits that buy.</param>
    public static void Run(HistoryDatabase database, long hits, DateOnly today, double buyers)
    {
        using var connection = database.Connect();
        foreach (var statement in Resources.Statements("shop.sql")) connection.Execute(statement);
        connection.Execute("CREATE TEMP TABLE countries (place INTEGER, code SMALLINT)");
        var place = 0;
        // The large countries first.
        string[] first =
            ["US", "DE", "GB", "FR", "JP", "BR", "IN", "ES", "IT", "CA", "MX", "NL", "AU", "PL", "SE", "KR", "TR", "CH", "AT", "BE"];
        foreach (var country in first.Concat(Country.All.Select(country => country.Code).Except(first)).Take(200))
        {
            Country.Parse(country, out var parsed);
            connection.Execute("INSERT INTO countries VALUES ($1, $2)", place++, parsed.Index);
        }
        var visits = (long)(hits / HitsAVisit / Days);
        var day = Resources.Statements("day.sql");
        var clock = Stopwatch.StartNew();
        for (var n = 0; n < Days; n++)
        {
            var date = today.AddDays(n - Days + 1);
            WriteTransaction.Run(connection, () =>
            {
                foreach (var statement in day) connection.Execute(Fill(statement, n, date, visits, buyers));
            });
            if (n < Days - 1) DailyRollup.RollUpDay(connection, 1, LocalDay.Of(date), CancellationToken.None);
            if (date.AddDays(1).Day == 1 && n < Days - 1)
                DailyRollup.RollUpMonth(connection, 1, new DateOnly(date.Year, date.Month, 1), CancellationToken.None);
            var left = TimeSpan.FromSeconds(clock.Elapsed.TotalSeconds / (n + 1) * (Days - n - 1));
            Console.Error.Write($"\r  day {n + 1} of {Days}, {left:hh\\:mm\\:ss} left ");
        }
        connection.Execute("UPDATE progress SET visit = (SELECT max(visit) FROM hits), visitor = (SELECT max(visitor) FROM hits)");
        connection.Execute("CHECKPOINT");
        Console.Error.WriteLine(
            $"\r  {connection.Scalar<long>("SELECT count(*) FROM hits"):N0} hits, " +
            $"{connection.Scalar<long>("SELECT count(DISTINCT visit) FROM hits"):N0} visits, "
            + $"{connection.Scalar<long>("SELECT count(*) FROM orders"):N0} orders in {clock.Elapsed.TotalSeconds:N0} s");
    }

    private static string Fill(string statement, int n, DateOnly date, long visits, double buyers) => statement
        .Replace("$midnight", $"{LocalDay.Of(date) * 86_400_000L}", StringComparison.Ordinal)
        .Replace("$visits", $"{visits}", StringComparison.Ordinal)
        .Replace("$buyers", buyers.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("$day", $"DATE '{date:yyyy-MM-dd}'", StringComparison.Ordinal)
        .Replace("$n", $"{n}", StringComparison.Ordinal);
}
