using Footfall.History;

namespace Footfall.Tests.Api.Query;

/// <summary>What filters mean to the history.</summary>
public sealed class FilterTests
{
    [Theory]
    [InlineData("""[]""", "none")]
    [InlineData("""[["is","visit:os",["Mac","iOS"]]]""", "Os is Mac|iOS")]
    [InlineData("""[["is_not","visit:os",["Mac"]]]""", "not(Os is Mac)")]
    [InlineData("""[["not",["is_not","visit:os",["Mac"]]]]""", "Os is Mac")]
    [InlineData("""[["contains_not","event:page",["docs"]]]""", "not(Page contains docs)")]
    [InlineData("""[["matches","event:page",["^/user/\\d+$"]]]""", @"Page matches ^/user/\d+$")]
    [InlineData("""[["matches_not","event:page",["^/user/\\d+$"]]]""", @"not(Page matches ^/user/\d+$)")]
    [InlineData("""[["is","visit:os",["mac"],{"case_sensitive":false}]]""", "Os is/i mac")]
    [InlineData("""[["and",[["is","visit:os",["Mac"]],["is","visit:device",["Mobile"]]]]]""", "(Os is Mac and Device is Mobile)")]
    [InlineData("""[["has_not_done",["or",[["is","event:page",["/a"]],["is","item:id",["1"]]]]]]""",
        "not(done((Page is /a or ItemId is 1)))")]
    // Terms for missing values.
    [InlineData("""[["is","visit:source",["Direct / None","Google"]]]""", "Source is |Google")]
    [InlineData("""[["is_not","visit:utm_source",["(not set)"]]]""", "not(UtmSource is )")]
    [InlineData("""[["is","event:props:plan",["(none)"]]]""", "Prop:plan is ")]
    [InlineData("""[["contains","visit:source",["Direct"]]]""", "(Source contains Direct or Source is )")]
    [InlineData("""[["contains","visit:source",["direct"]]]""", "Source contains direct")]
    [InlineData("""[["contains","visit:source",["direct"],{"case_sensitive":false}]]""", "(Source contains/i direct or Source is/i )")]
    // Patterns of pages.
    [InlineData("""[["is","event:page",["/blog*"]]]""", "Page matches ^/blog.*$")]
    [InlineData("""[["is","event:page",["/blog/**/a.b","/"]]]""", @"(Page is / or Page matches ^/blog/.*/a\.b$)")]
    [InlineData("""[["is","visit:entry_page",["/B*"],{"case_sensitive":false}]]""", "EntryPage matches (?i)^/B.*$")]
    [InlineData("""[["is","visit:source",["a*b"]]]""", "Source is a*b")]
    [InlineData("""[["is","event:goal",["Signup*","Visit /blog*"]]]""", @"(Goal is Signup* or Goal matches ^Visit\ /blog.*$)")]
    [InlineData("""[["is","event:name",["pageview","purchase"]]]""", "EventName is page_view|purchase")]
    // Countries by code and by name.
    [InlineData("""[["is","visit:country",["de","UK","DE"]]]""", "Country is DE|GB")]
    [InlineData("""[["is","visit:country_name",["Germany","Atlantis"]]]""", "Country is DE")]
    [InlineData("""[["is","visit:country_name",["germany"],{"case_sensitive":false}]]""", "Country is DE")]
    [InlineData("""[["is","visit:country_name",["Turkey","Türkiye"]]]""", "Country is TR")]
    [InlineData("""[["contains","visit:country_name",["Korea"]]]""", "Country is KP|KR")]
    [InlineData("""[["matches","visit:country_name",["^United (S|K)"]]]""", "CountryName matches ^United (S|K)")]
    [InlineData("""[["matches_not","visit:country",["^D"]]]""", "not(Country matches ^D)")]
    [InlineData("""[["is","visit:country_name",["(not set)"]]]""", "Country is ZZ")]
    [InlineData("""[["is_not","visit:country",["","ZZ"]]]""", "not(Country is ZZ)")]
    [InlineData("""[["contains","visit:country",["GB"]]]""", "Country is GB")]
    // Filters that are always or never true do not reach the history.
    [InlineData("""[["is","visit:city",[""]]]""", "none")]
    [InlineData("""[["is_not","visit:city",[4347778]],["is","visit:os",["Mac"]]]""", "Os is Mac")]
    [InlineData("""[["or",[["is","visit:city_name",["Berlin"]],["is","visit:os",["Mac"]]]]]""", "Os is Mac")]
    [InlineData("""[["is","visit:region_name",["California"]]]""", "Country is ")]
    [InlineData("""[["is","visit:country_name",["Atlantis"]]]""", "Country is ")]
    [InlineData("""[["is_not","visit:country_name",["Atlantis"]]]""", "none")]
    [InlineData("""[["contains","visit:country_name",[""]]]""", null)]
    public async Task They_are_turned_into_what_the_history_knows(string filters, string? expected)
    {
        await using var app = QueryApp.Start();
        await app.QueryWithAsync($"\"filters\":{filters}");
        var text = FilterFormatter.Format(app.History.LastQuery.Filter);
        if (expected is null) Assert.Equal(251, text["Country is ".Length..].Split('|').Length);
        else Assert.Equal(expected, text);
    }

    [Fact]
    public async Task Clauses_reach_the_history_as_sent()
    {
        await using var app = QueryApp.Start();
        foreach (var text in (string[])["'; DROP TABLE hits; --", "\\\" OR 1=1", "%_%", "${jndi:ldap://x}", "\u202E\uFEFFé", "$1", "{0}"])
        {
            await app.QueryWithAsync($"\"filters\":[[\"is\",\"event:props:a'b\",[{System.Text.Json.JsonSerializer.Serialize(text)}]]]");
            var compare = Assert.IsType<Filter.Comparison>(app.History.LastQuery.Filter);
            Assert.Equal([text], compare.Values);
            Assert.Equal("a'b", compare.Dimension.Prop);
        }
    }
}
