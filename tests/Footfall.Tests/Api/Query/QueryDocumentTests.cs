using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Footfall.Api.Query;
using Footfall.Common;
using Footfall.History;
using static Footfall.Tests.Api.Query.FakeHistory;

namespace Footfall.Tests.Api.Query;

/// <summary><c>docs/query.md</c> matches the program.</summary>
public sealed partial class QueryDocumentTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "query.md"));

    [Fact]
    public void The_keys_metrics_and_operators_are_those_of_the_program()
    {
        Assert.Equal(QueryParser.Keys, Names("## The query", "### Date ranges"));
        Assert.Equal(MetricNames.All, Names("### Metrics", "### Dimensions"));
        Assert.Equal(FilterParser.Operators, Names("### Filters", "### Include"));
    }

    [Fact]
    public void The_dimensions_are_those_of_the_program() =>
        Assert.Equal(DimensionNames.All.Order(StringComparer.Ordinal), Names("### Dimensions", "### Filters")
            .Order(StringComparer.Ordinal));

    [Fact]
    public void The_limits_are_those_of_the_program()
    {
        foreach (var (number, where) in ((int, string)[])
            [
                (QueryLimits.Body / 1024, " KiB. A key"), (QueryLimits.Dimensions, ". |"),
                (QueryLimits.Rows, ", which is also the default"), (QueryLimits.Offset, ". |"),
                (QueryLimits.Days, " | So many days"), (QueryLimits.Months, " | So many months"),
                (QueryLimits.PatternLength, " characters |"), (QueryLimits.Filters, " filters,\n"),
                (QueryLimits.FilterDepth, " deep"), (QueryLimits.Clauses, " clauses in all"), (QueryLimits.ClauseLength, " characters."),
                (QueryLimits.Labels, ". An hour"),
                (QueryLimits.PatternSize, ", or over"), (QueryLimits.TotalPatternSize, " for all patterns"),
                (QueryLimits.MaxSteps, " steps, each"), (QueryLimits.FunnelRows, " unless given"),
            ])
            Assert.Contains(FormattableString.Invariant($"{number:N0}{where}"), Document);
    }

    [Fact]
    public void Every_code_is_one_of_the_program_with_its_status()
    {
        var known = Enum.GetValues<RejectReason>().Select(Rejections.Get).Select(rejection => (rejection.Code, $"{rejection.Status}"))
            .ToList();
        var rows = Refusals().Matches(Document).Select(row => (row.Groups[1].Value, row.Groups[2].Value)).ToList();
        Assert.Equal(8, rows.Count);
        Assert.All(rows, row => Assert.Contains(row, known));
    }

    [Fact]
    public async Task The_examples_are_answered_as_they_say()
    {
        await using var app = QueryApp.Start("2026-11-24T13:30:00Z", ("Sites:4:Domain", "shop.example"));
        var blocks = Blocks().Matches(Document).Select(block => block.Groups[1].Value).ToList();
        Assert.Equal(8, blocks.Count);
        var weeks = new Queue<StatsResult>(
            [new StatsResult([Row(["DE"], 12L, Euro(718.8m), 2.5)]), new StatsResult([Row(["DE"], 8L, Euro(479.2m), 2.0)])]);
        app.History.OnQuery = (_, _) => Task.FromResult(weeks.Dequeue());
        await AssertExampleAsync(app, blocks[0], blocks[1]);
        app.History.SetRows(2, Row(["Lamp"], 3L, Euro(179.7m)), Row([""], 1L, new Money(null, "EUR", [("CHF", 12.50m), ("EUR", 3.00m)])));
        await AssertExampleAsync(app, blocks[2], blocks[3]);
        app.History.OnFunnel = _ => new FunnelStats([new FunnelRow("Mobile", [800, 120, 30]), new FunnelRow("Desktop", [200, 80, 20])]);
        await AssertExampleAsync(app, blocks[4], blocks[5]);
        await AssertExampleAsync(app, blocks[6], blocks[7]);
    }

    private static async Task AssertExampleAsync(QueryApp app, string query, string response)
    {
        var (_, body) = await app.SendAsync(query, "/api/v1/query");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(response), body),
            $"the document says {response}\nthe program {body.ToJsonString()}");
    }

    private static Money Euro(decimal amount) => new(amount, "EUR", [("EUR", amount)]);

    /// <summary>What the first cells of the tables of a section name.</summary>
    private static IEnumerable<string> Names(string from, string to) =>
        FirstCell().Matches(
            Document[Document.IndexOf($"{from}\n", StringComparison.Ordinal)..Document.IndexOf($"{to}\n", StringComparison.Ordinal)])
            .SelectMany(row => Quoted().Matches(row.Groups[1].Value)).Select(name => name.Groups[1].Value);

    [GeneratedRegex(@"^\| (`.+?) \|", RegexOptions.Multiline)]
    private static partial Regex FirstCell();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\| `([A-Z_]+)` \| (\d+) \|", RegexOptions.Multiline)]
    private static partial Regex Refusals();

    [GeneratedRegex("```json\n(.+?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
