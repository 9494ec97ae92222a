using System.Buffers;
using System.Text.RegularExpressions;

namespace Footfall.Enrich.Agents;

/// <summary>The match of the patterns for a User-Agent.</summary>
/// <param name="Family">The name, such as <c>Mobile Safari</c>; empty for none.</param>
/// <param name="IsListed">Whether the name is from the patterns; false for text copied from the User-Agent.</param>
internal readonly record struct AgentMatch(string Family, string Major, string Minor, bool IsListed)
{
    public static AgentMatch None => new("", "", "", IsListed: true);

    /// <summary>Major and minor number; empty if the first is neither a number nor a term of the patterns.</summary>
    public string Version => Major.Length == 0 ? "" : Minor.Length == 0 ? Major : $"{Major}.{Minor}";
}

/// <summary>One of uap-core's rules. The expression is created when a User-Agent first has the required text: most never are.</summary>
internal sealed partial class AgentRule
{
    /// <summary>Longer parts are not version numbers.</summary>
    private const int MaxVersionDigits = 8;

    private readonly string _pattern, _family, _major, _minor;
    private readonly bool _familyListed, _majorListed;
    private readonly SearchValues<string>? _requiredLiterals;
    private readonly string? _requiredLiteral;
    private Regex? _expression;

    /// <param name="family">The name, with <c>$1</c> for the text of the first group; empty for that text alone.</param>
    /// <param name="major">The major number in place of the second group; empty for that group.</param>
    /// <param name="minor">The minor number in place of the third group; empty for that group.</param>
    public AgentRule(string pattern, string family, string major, string minor)
    {
        _pattern = pattern;
        _family = family.Length > 0 ? family : "$1";
        _major = major.Length > 0 ? major : "$2";
        _minor = minor.Length > 0 ? minor : "$3";
        _familyListed = !_family.Contains('$') || IsListed(FirstGroup(pattern));
        _majorListed = major.Length > 0 && (!major.Contains('$') || IsListed(FirstGroup(pattern)));
        var (required, anyCase) = RequiredLiterals.Extract(pattern);
        if (required is [var one] && !anyCase) _requiredLiteral = one;
        else if (required is not null)
            _requiredLiterals = SearchValues.Create(required, anyCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
    }

    /// <summary>Whether the required text is present: most rules are checked no further.</summary>
    public bool MayMatch(ReadOnlySpan<char> userAgent) =>
        _requiredLiteral is not null ? userAgent.Contains(_requiredLiteral, StringComparison.Ordinal) : _requiredLiterals is null
            || userAgent.ContainsAny(_requiredLiterals);

    /// <exception cref="RegexMatchTimeoutException">It takes too long.</exception>
    public AgentMatch? Match(string userAgent)
    {
        _expression ??= new Regex(_pattern, RegexOptions.CultureInvariant, AgentPatterns.MatchTimeout);
        var match = _expression.Match(userAgent);
        if (!match.Success) return null;
        var major = Number(Fill(_major, match), _majorListed);
        return new AgentMatch(Fill(_family, match).Trim(), major, major.Length > 0 ? Number(Fill(_minor, match), !_minor.Contains('$'))
            : "", _familyListed);
    }

    private static string Fill(string text, Match match) =>
        !text.Contains('$') ? text : Reference().Replace(text, reference => match.Groups[reference.ValueSpan[1] - '0'].Value);

    private static string Number(string text, bool listed) =>
        listed || text.Length <= MaxVersionDigits && text.All(char.IsAsciiDigit) ? text : "";

    /// <summary>Whether a group can match only a few literal texts.</summary>
    private static bool IsListed(ReadOnlySpan<char> group)
    {
        for (var i = 0; i < group.Length; i++)
        {
            if (group[i] == '\\') i++;
            else if (group[i] is '.' or '+' or '*' or '{') return false;
        }
        return group.Length > 0;
    }

    /// <summary>The content of the first capturing group.</summary>
    private static ReadOnlySpan<char> FirstGroup(string pattern)
    {
        var (start, depth) = (-1, 0);
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\': i++; break;
                case '[': i = pattern.IndexOf(']', i + 2); break;
                case '(' when start >= 0: depth++; break;
                case '(' when pattern[i + 1] != '?': start = i + 1; break;
                case ')' when start >= 0 && depth-- == 0: return pattern.AsSpan(start, i - start);
            }
        }
        return default;
    }

    [GeneratedRegex(@"\$\d")]
    private static partial Regex Reference();
}
