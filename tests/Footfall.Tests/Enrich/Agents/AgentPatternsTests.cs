using System.Text.RegularExpressions;
using CsCheck;
using Footfall.Enrich;
using Footfall.Enrich.Agents;

namespace Footfall.Tests.Enrich.Agents;

public sealed class AgentPatternsTests
{
    private static readonly string File = Path.Combine(ReferenceFiles.DefaultDirectory, "agents.txt");

    private static readonly AgentPatterns Patterns = AgentPatterns.Load(File);

    /// <summary>Other is the value for no match in uap-core's cases.</summary>
    private static string Named(string family) => family.Length == 0 ? "Other" : family;

    [Fact]
    public void The_browsers_of_real_User_Agents_are_those_of_uap_core()
    {
        var cases = AgentCases.Read("test_ua.yaml");
        var wrong = cases.Where(one => Named(Patterns.MatchBrowser(one.UserAgent).Family) != one.Family).ToList();
        Assert.True(wrong.Count * 100 <= cases.Count, $"{wrong.Count} of {cases.Count} are wrong, as {string.Join("; ", wrong.Take(5))}");
        wrong = [.. cases.Where(one =>
            Patterns.MatchBrowser(one.UserAgent) is var match && (match.Major, match.Minor) != (one.Major, one.Minor))];
        Assert.True(wrong.Count * 20 <= cases.Count,
            $"{wrong.Count} versions of {cases.Count} are wrong, as {string.Join("; ", wrong.Take(5))}");
    }

    [Fact]
    public void The_systems_of_real_User_Agents_are_those_of_uap_core()
    {
        var cases = AgentCases.Read("test_os.yaml");
        var wrong = cases.Where(one => Named(Patterns.MatchOperatingSystem(one.UserAgent).Family) != one.Family).ToList();
        Assert.True(wrong.Count * 100 <= cases.Count, $"{wrong.Count} of {cases.Count} are wrong, as {string.Join("; ", wrong.Take(5))}");
        wrong = [.. cases.Where(one =>
            Patterns.MatchOperatingSystem(one.UserAgent) is var match && (match.Major, match.Minor) != (one.Major, one.Minor))];
        Assert.True(wrong.Count * 20 <= cases.Count,
            $"{wrong.Count} versions of {cases.Count} are wrong, as {string.Join("; ", wrong.Take(5))}");
    }

    [Fact]
    public void The_texts_that_a_rule_requires_leave_out_nothing_that_it_matches()
    {
        var agents = UserAgentParserTests.Real.Concat(AgentCases.Read("test_ua.yaml").Concat(AgentCases.Read("test_os.yaml"))
            .Select(one => one.UserAgent)).Distinct().ToList();
        var tried = 0;
        foreach (var pattern in System.IO.File.ReadLines(File).Where(line => line[0] != '#').Select(line => line.Split('\t')[1]))
        {
            if (RequiredLiterals.Extract(pattern) is not ({ } required, var anyCase)) continue;
            tried++;
            var expression = new Regex(pattern, RegexOptions.CultureInvariant);
            foreach (var agent in agents)
            {
                if (required.Any(text => agent.Contains(text, anyCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)))
                    continue;
                Assert.False(expression.IsMatch(agent), $"{pattern} requires {string.Join(" or ", required)}, and matches {agent}");
            }
        }
        Assert.True(tried > 540);
    }

    [Theory]
    [InlineData("(Firefox)/(\\d+)", "Firefox")]
    [InlineData("ab?cc+d", "cc")]
    [InlineData("a(?:bc|)def?", "de")]
    [InlineData("(abc|de|fgh)x", "abc|de|fgh")]
    [InlineData("\\(Mobile; .{0,200}Rocket", "(Mobile; ")]
    [InlineData("[Aa]pple[^\\]]{1,3}", "apple")]
    [InlineData("x(?:[Bb]ot|[Ss][Pp]ider)", "bot|spider")]
    [InlineData("[Ab]c[^Dd]", "c")]
    [InlineData("Mozilla.{1,200}(GSA)/", "GSA")]
    [InlineData(" (Dar)(win)/", "Dar")]
    [InlineData("(.*)|abc", null)]
    [InlineData("\\d+", null)]
    public void The_required_text_is_the_longest_that_is_sure(string pattern, string? required) =>
        Assert.Equal(required?.Split('|'), RequiredLiterals.Extract(pattern).Texts);

    [Fact]
    public void Any_text_is_answered() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["()[]/.; abcM1_-"], 0, 3_000], Gen.Select(Gen.OneOf<string>(UserAgentParserTests.Real),
            Gen.String, Gen.Int[0, 60], (agent, noise, place) => agent.Insert(Math.Min(place, agent.Length), noise)))
            .Sample(agent =>
            {
                Assert.NotNull(Patterns.MatchBrowser(agent).Family);
                Assert.NotNull(Patterns.MatchOperatingSystem(agent).Family);
            }, iter: 500);
}
