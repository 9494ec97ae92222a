using System.Text.Json;
using Footfall.Api.Query;

namespace Footfall.Tests.Api.Query;

/// <summary>What patterns from outside may cost.</summary>
public sealed class PatternSizeTests
{
    private const string Nested = "(((a{1,100}){1,10})b|N)";

    /// <summary>The sizes are those of RE2 of June 2022 (ProgramSize).</summary>
    [Theory]
    [InlineData("abc", 7)]
    [InlineData("(?i)ks", 11)]
    [InlineData("(?i)ω", 11)]
    [InlineData(".*", 12)]
    [InlineData("[^日本語]", 35)]
    [InlineData("(?i)\\W", 31)]
    [InlineData("(?i)[^\\x{12f0}-晑]", 97)]
    [InlineData("\\pL", 1_203)]
    [InlineData("[\\pL\\pN]", 1_349)]
    [InlineData("(\\pL?\\PL?){10}", 24_114)]
    [InlineData("((a*)*)*", 17)]
    [InlineData("(((^)*))*", 19)]
    [InlineData("\\Qa(b{1000}\\E", 13)]
    [InlineData("[]a)(]{200}", 204)]
    [InlineData("(?P<name>[[:alpha:])]{9}){9}", 103)]
    [InlineData("(.?){1000}x$", 11_005)]
    [InlineData(Nested, 2_029)]
    public void It_is_no_less_than_the_program_of_RE2(string pattern, int size) =>
        Assert.True(PatternSize.Estimate(pattern) >= size, $"{PatternSize.Estimate(pattern)}");

    [Theory]
    [InlineData("((a{900}){900}){900}")]
    [InlineData("(((((((((a{9}){9}){9}){9}){9}){9}){9}){9}){9})")]
    [InlineData("(\\pL?\\PL?){400}")]
    [InlineData("a{99999999999999999999999999}")]
    [InlineData("[^\\PN]{3}")]
    [InlineData("(?:(?:(?:.+){9}|x){9}|y){9}")]
    [InlineData("\\Qab)\\E{1000}")]
    [InlineData("(?i:[^k]){100}")]
    public void A_large_one_is_too_large(string pattern) => Assert.True(PatternSize.Estimate(pattern) > QueryLimits.PatternSize);

    [Theory]
    [InlineData("^/shop/.*/(a|b)")]
    [InlineData("(?i)^/(en|de|fr)/products/[a-z0-9-]+(/.*)?$")]
    [InlineData("^/[^/]+/[^/]+/\\d{4}/\\d{2}/\\d{2}/.*$")]
    [InlineData("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    [InlineData("^\\p{L}+$")]
    public async Task Honest_patterns_pass(string pattern)
    {
        await using var app = QueryApp.Start();
        var times = pattern.Contains("\\p", StringComparison.Ordinal) ? 1 : 10;
        await app.QueryWithAsync(Filter("matches", "event:page", Enumerable.Repeat(pattern, times)));
        var pages = string.Join('|', Enumerable.Range(0, 60).Select(i => $"/page/{i}"))[..500];
        await app.QueryWithAsync(Filter("matches", "event:page", [pages]));
        await app.QueryWithAsync(Filter("is", "event:page", Enumerable.Range(0, 100).Select(i => $"/shop/department-{i}/*")));
    }

    [Theory]
    [InlineData("matches", "event:page", Nested, 50, "is too expensive")]
    [InlineData("matches", "visit:region", "((a{900}){900}){900}", 1, "is too expensive")]
    [InlineData("matches", "visit:country_name", "((a{900}){900}){900}", 1, "is too expensive")]
    [InlineData("matches", "event:page", "(ab?){100}c", 50, "too expensive together")]
    [InlineData("matches_not", "event:page", "\\pL", 8, "too expensive together")]
    [InlineData("is", "event:page", "/a*b*c*d*e*f*g*h*i*j*k*l*m*n*o*p*q*r*s*t*", 100, "too expensive together")]
    public async Task What_is_too_expensive_is_refused_before_it_is_compiled(
        string with, string dimension, string pattern, int times, string sentence)
    {
        await using var app = QueryApp.Start();
        var query = QueryApp.BuildQuery(Filter(with, dimension, Enumerable.Repeat(pattern, times)));
        Assert.Contains(sentence, await app.RejectedAsync(query), StringComparison.Ordinal);
        Assert.Empty(app.History.Queries);
    }

    private static string Filter(string with, string dimension, IEnumerable<string> patterns) =>
        $"\"filters\":[[\"{with}\",\"{dimension}\",{JsonSerializer.Serialize(patterns)}]]";
}
