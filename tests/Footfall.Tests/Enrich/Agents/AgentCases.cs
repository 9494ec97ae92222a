using System.Text.RegularExpressions;

namespace Footfall.Tests.Enrich.Agents;

/// <summary>The test cases of uap-core, where they are at hand.</summary>
internal static partial class AgentCases
{
    public sealed record AgentCase(string UserAgent, string Family, string Major, string Minor);

    /// <returns>Empty where the file is not there.</returns>
    public static List<AgentCase> Read(string name)
    {
        var cases = new List<AgentCase>();
        if (SharedTestData.Find($"agents/{name}") is not { } file) return cases;
        foreach (var line in File.ReadLines(file).Select(line => Field().Match(line)).Where(line => line.Success))
        {
            var value = Unquote(line.Groups[2].Value.Trim());
            switch (line.Groups[1].Value)
            {
                case "user_agent_string": cases.Add(new AgentCase(value, "", "", "")); break;
                case "family": cases[^1] = cases[^1] with { Family = value }; break;
                case "major": cases[^1] = cases[^1] with { Major = value }; break;
                case "minor": cases[^1] = cases[^1] with { Minor = value }; break;
            }
        }
        return cases;
    }

    private static string Unquote(string value) => value switch
    {
        ['\'', .. var text, '\''] => text.Replace("''", "'"),
        ['"', .. var text, '"'] => text.Replace("\\\"", "\"").Replace("\\\\", "\\"),
        _ => value,
    };

    [GeneratedRegex("^[ -]*(user_agent_string|family|major|minor):(.*)$")]
    private static partial Regex Field();
}
