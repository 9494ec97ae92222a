using Footfall.Tests.History;

namespace Footfall.Tests.Api.Query;

/// <summary>
/// Displayed values can differ from stored ones: rows are sorted by the displayed values, and patterns match what filters name.
/// </summary>
public sealed class DisplayedValuesTests
{
    [Fact]
    public async Task Rows_are_in_the_order_of_what_is_shown_of_a_value_that_is_not_there()
    {
        await using var app = FootfallApp.Start(("History:Enabled", "true"));
        foreach (var (browser, rest) in ((string, string)[])[("Firefox", ""","props":{"plan":"#1"},"url":"/?utm_source=%231" """),
            ("Edge", ""), ("Chrome", ""","props":{"plan":"a"},"url":"/?utm_source=a" """)])
        {
            // Three visitors, each of whom has one source.
            app.Http.DefaultRequestHeaders.UserAgent.Clear();
            app.Http.DefaultRequestHeaders.UserAgent.ParseAdd($"Mozilla/5.0 (X11; Linux x86_64) {browser}/131.0");
            await app.Http.EventsAsync($$"""{"name":"purchase","value":5{{rest}}}""");
        }
        await app.Http.CaughtUpAsync();
        // The engine sorts counts, and money without rates; the program sorts what the engine divides inexactly.
        foreach (var metric in (string[])["events", "revenue", "average_order"])
        {
            foreach (var (dimension, missing) in ((string, string)[])[("event:props:plan", "(none)"), ("visit:utm_source", "(not set)")])
            {
                string Order(string direction) => $$""","order_by":[["{{dimension}}","{{direction}}"]]""";
                string[] expected = ["#1", missing, "a"];
                Assert.Equal(expected,
                    (await app.Http.QueryRowsAsync(metric, dimension, more: Order("asc"))).Select(row => row.Split('|')[0]));
                Assert.Equal(expected.Reverse(),
                    (await app.Http.QueryRowsAsync(metric, dimension, more: Order("desc"))).Select(row => row.Split('|')[0]));
            }
        }
    }

    [Theory]
    [InlineData("visit:country_name", "(?P<x>Ger)", "DE")]
    [InlineData("visit:country_name", "^Fr\\\\pL+$", "FR")]
    [InlineData("visit:country_name", "\\\\QGermany\\\\E", "DE")]
    [InlineData("visit:country_name", "(?i)^T(urkey|ürkiye)$", "TR")]
    [InlineData("visit:country_name", "^$", "ZZ")]
    [InlineData("visit:country", "^\\\\pLE$", "DE")]
    public async Task A_pattern_of_countries_is_one_of_RE2(string dimension, string pattern, string expected)
    {
        await using var app = FootfallApp.Start(("History:Enabled", "true"));
        foreach (var country in (string[])["de", "fr", "tr"]) await app.VisitAsync(country);
        await app.Http.EventsAsync("""{"name":"visit"}""");
        await app.Http.CaughtUpAsync();
        Assert.Equal([$"{expected}|1"], await app.Http.QueryRowsAsync("visits", "visit:country",
            more: $$""","filters":[["matches","{{dimension}}",["{{pattern}}"]]]"""));
        Assert.Equal(3, (await app.Http.QueryRowsAsync("visits", "visit:country",
            more: $$""","filters":[["matches_not","{{dimension}}",["{{pattern}}"]]]""")).Length);
    }
}
