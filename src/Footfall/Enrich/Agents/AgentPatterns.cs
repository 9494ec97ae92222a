using System.Text.RegularExpressions;
using Footfall.Words;

namespace Footfall.Enrich.Agents;

/// <summary>
/// uap-core's patterns of browsers and operating systems, after our own of what is newer: the first rule that matches wins. A User-Agent is first searched for the texts that the rules
/// require, so that few expressions are tried.
/// </summary>
internal sealed class AgentPatterns
{
    /// <summary>Beyond these characters nothing is looked at: no real browser has more.</summary>
    private const int Longest = 512;

    /// <summary>How long one expression may take: the slowest that could be made takes a tenth, on a busy machine.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);

    private readonly AgentRule[] _browsers, _systems;

    private AgentPatterns(AgentRule[] browsers, AgentRule[] systems) => (_browsers, _systems) = (browsers, systems);

    /// <param name="path">A rule a line: <c>browser</c> or <c>os</c>, pattern, name, major and minor number, with tabs between. Lines with <c>#</c> are comments.</param>
    public static AgentPatterns Read(string path)
    {
        var rules = Embedded.Lines("newer-agents.txt").Concat(File.ReadLines(path).Where(line => line is [not '#', ..])).Select(line => line.Split('\t'))
            .ToLookup(fields => fields[0], fields => new AgentRule(fields[1], fields[2], fields[3], fields[4]));
        return new AgentPatterns([.. rules["browser"]], [.. rules["os"]]);
    }

    /// <summary>The browser as uap-core names it.</summary>
    /// <exception cref="RegexMatchTimeoutException">It takes too long.</exception>
    public AgentMatch Browser(string userAgent) => First(_browsers, userAgent);

    /// <summary>The operating system as uap-core names it.</summary>
    /// <inheritdoc cref="Browser"/>
    public AgentMatch System(string userAgent) => First(_systems, userAgent);

    private static AgentMatch First(AgentRule[] rules, string userAgent)
    {
        if (userAgent.Length > Longest) userAgent = userAgent[..Longest];
        foreach (var rule in rules)
            if (rule.MayMatch(userAgent) && rule.Match(userAgent) is { } match) return match;
        return AgentMatch.None;
    }
}
