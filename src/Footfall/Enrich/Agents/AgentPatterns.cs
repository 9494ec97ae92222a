using System.Text.RegularExpressions;
using Footfall.Common;

namespace Footfall.Enrich.Agents;

/// <summary>
/// uap-core's patterns of browsers and operating systems, after Footfall's own for newer agents: the first matching rule wins. A User-Agent
/// is first searched for the texts that the rules require, so that few expressions are tried.
/// </summary>
internal sealed class AgentPatterns
{
    /// <summary>Characters beyond this limit are ignored: no real browser has more.</summary>
    private const int MaxLength = 512;

    /// <summary>How long one expression may take: the slowest known case takes a tenth, on a busy machine.</summary>
    public static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(250);

    private readonly AgentRule[] _browsers, _operatingSystems;

    private AgentPatterns(AgentRule[] browsers, AgentRule[] systems) => (_browsers, _operatingSystems) = (browsers, systems);

    /// <param name="path">One rule per line: <c>browser</c> or <c>os</c>, pattern, name, major and minor number, separated by tabs. Lines
    /// with <c>#</c> are comments.</param>
    public static AgentPatterns Load(string path)
    {
        var rules = EmbeddedResources.ReadLines("newer-agents.txt").Concat(File.ReadLines(path).Where(line => line is [not '#', ..]))
            .Select(line => line.Split('\t'))
            .ToLookup(fields => fields[0], fields => new AgentRule(fields[1], fields[2], fields[3], fields[4]));
        return new AgentPatterns([.. rules["browser"]], [.. rules["os"]]);
    }

    /// <summary>The browser as uap-core names it.</summary>
    /// <exception cref="RegexMatchTimeoutException">It takes too long.</exception>
    public AgentMatch MatchBrowser(string userAgent) => FirstMatch(_browsers, userAgent);

    /// <summary>The operating system as uap-core names it.</summary>
    /// <inheritdoc cref="MatchBrowser"/>
    public AgentMatch MatchOperatingSystem(string userAgent) => FirstMatch(_operatingSystems, userAgent);

    private static AgentMatch FirstMatch(AgentRule[] rules, string userAgent)
    {
        if (userAgent.Length > MaxLength) userAgent = userAgent[..MaxLength];
        foreach (var rule in rules)
            if (rule.MayMatch(userAgent) && rule.Match(userAgent) is { } match) return match;
        return AgentMatch.None;
    }
}
