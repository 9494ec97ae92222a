using System.Text.Json;
using System.Text.Json.Nodes;
using Footfall.Common;

namespace HistoryBench;

/// <summary>The queries of a dashboard, each as an API query and as the equivalent plain scan of the hits.</summary>
internal static class Dashboard
{
    public const string Site = "shop.example";

    private static readonly string[] Scans =
        Resources.Statements("scans.sql");

    private static readonly JsonArray Queries = JsonNode.Parse(Resources.Read("dashboard.json"))!.AsArray();

    /// <summary>Page contains and browser is: no rollup has both.</summary>
    private static readonly JsonArray TwoFilters =
        (JsonArray)JsonNode.Parse("""[["contains", "event:page", ["item-1"]], ["is", "visit:browser", ["Firefox"]]]""")!;

    /// <param name="first">The first day of the period, up to <paramref name="today"/>.</param>
    /// <param name="country">A code; null for all.</param>
    public static IEnumerable<DashboardQuestion> Of(DateOnly first, DateOnly today, string? country) => Queries.Select((node, i) =>
    {
        var query = node!.AsObject().DeepClone().AsObject();
        var name = (string)query["name"]!;
        query.Remove("name");
        var ofToday = query.ContainsKey("date_range");
        var filters = country is null ? null : new JsonArray(new JsonArray("is", "visit:country", new JsonArray(country)));
        return new DashboardQuestion(name, Fill(query, first, today, filters), ofToday ? [Scan(i, today, today, country)]
            : query.ContainsKey("include")
            ? [Scan(i, first, today, country), Scan(i, first.AddDays(first.DayNumber - today.DayNumber - 1), first.AddDays(-1), country)]
            : [Scan(i, first, today, country)]);
    });

    public static JsonElement WithTwoFilters(DateOnly first, DateOnly today) =>
        Fill(new JsonObject { ["metrics"] = new JsonArray("visitors", "pageviews") }, first, today, TwoFilters.DeepClone().AsArray());

    private static JsonElement Fill(JsonObject query, DateOnly first, DateOnly today, JsonArray? filters)
    {
        query["site_id"] = Site;
        if (!query.ContainsKey("date_range")) query["date_range"] = new JsonArray($"{first:yyyy-MM-dd}", $"{today:yyyy-MM-dd}");
        if (filters is not null) query["filters"] = filters;
        return JsonSerializer.SerializeToElement(query);
    }

    private static string Scan(int place, DateOnly first, DateOnly last, string? country)
    {
        var days = $"site = 1 AND day BETWEEN DATE '{first:yyyy-MM-dd}' AND DATE '{last:yyyy-MM-dd}'";
        var chosen = "";
        if (country is not null && Country.Parse(country, out var parsed) == RejectReason.None) chosen = $" AND country = {parsed.Index}";
        var sql = Scans[place].Replace("{hits}", From("hits", chosen.Length > 0 ? "country" : null), StringComparison.Ordinal)
            .Replace("{items}", From("items", chosen.Length > 0 ? "country" : null), StringComparison.Ordinal);
        foreach (var column in (string[])["country", "source", "channel", "browser", "device"])
            sql = sql.Replace($"{{by {column}}}", From("hits", column), StringComparison.Ordinal);
        return sql;

        // Only a requested column is joined.
        string From(string table, string? column) => column is null ? $"(SELECT * FROM {table} WHERE {days})"
            : $"(SELECT {table}.*, {column} FROM {table} JOIN (SELECT visit, {column} FROM visits WHERE {days}{chosen} UNION ALL SELECT " +
                $"visit, {column} FROM opened WHERE {days}{chosen}) USING (visit) WHERE {days})";
    }
}

/// <summary>One query.</summary>
/// <param name="Query">The body of <c>POST /api/v1/query</c>.</param>
/// <param name="Scans">The equivalent statements without rollups: of the period, and of the one it is compared with.</param>
internal sealed record DashboardQuestion(string Name, JsonElement Query, IReadOnlyList<string> Scans);
