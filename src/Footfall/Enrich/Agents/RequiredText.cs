using System.Text;

namespace Footfall.Enrich.Agents;

/// <summary>
/// Finds texts of which one must stand in whatever a regular expression matches: to look for them costs 10 ns, to try the expression 1 µs. Knows the
/// syntax that uap-core uses; where in doubt it requires less.
/// </summary>
internal ref struct RequiredText
{
    /// <summary>More texts than these are no filter any more.</summary>
    private const int Most = 250;

    /// <summary>What nearly every User-Agent has: to require it spares nothing.</summary>
    private static readonly string[] Common = ["Mozilla", "AppleWebKit", "Chrome", "Safari", "Gecko", "Version", "Windows", "Android", "Mobile", "Linux", "Mac OS X"];

    private readonly ReadOnlySpan<char> _pattern;
    private int _at;
    private bool _anyCase;

    private RequiredText(ReadOnlySpan<char> pattern) => _pattern = pattern;

    /// <returns>Null where nothing is required; and whether the case of letters does not matter.</returns>
    public static (string[]? Texts, bool AnyCase) Of(string pattern)
    {
        var reader = new RequiredText(pattern);
        var texts = reader.Alternatives();
        return (texts, reader._anyCase);
    }

    /// <summary>Reads to the end, or behind the closing bracket.</summary>
    private string[]? Alternatives()
    {
        List<string>? all = [];
        while (true)
        {
            var branch = Branch();
            if (branch is null) all = null;
            else all?.AddRange(branch);
            if (_at < _pattern.Length && _pattern[_at++] == '|') continue;
            return all is { Count: > 0 and <= Most } ? [.. all.Distinct()] : null;
        }
    }

    /// <summary>The longest of the texts that follow each other; of a group all of its own.</summary>
    private string[]? Branch()
    {
        string[]? best = null;
        var run = new StringBuilder();
        while (_at < _pattern.Length && _pattern[_at] is not ('|' or ')'))
        {
            var (literal, group) = Atom();
            var (optional, repeated) = Quantifier();
            if (literal is { } letter && !optional) run.Append(letter);
            if (literal is not null && !optional && !repeated) continue;
            best = Better(best, run);
            if (group is not null && !optional) best = Better(best, group);
        }
        return Better(best, run);
    }

    /// <summary>Reads one character, class, or group.</summary>
    private (char? Literal, string[]? Group) Atom()
    {
        switch (_pattern[_at++])
        {
            case '\\':
                var escaped = _pattern[_at++];
                return (char.IsAsciiLetterOrDigit(escaped) ? null : escaped, null);
            case '.' or '^' or '$':
                return default;
            case '[':
                if (_pattern[_at..] is [var upper, var lower, ']', ..] && char.IsAsciiLetterUpper(upper) && (char)(upper | 0x20) == lower)
                {
                    // A letter in either case: then the whole rule is looked for in either case.
                    _at += 3;
                    _anyCase = true;
                    return (lower, null);
                }
                // A bracket that comes first stands for itself.
                if (_pattern[_at] == '^') _at++;
                if (_pattern[_at] == ']') _at++;
                for (; _pattern[_at] != ']'; _at++)
                    if (_pattern[_at] == '\\') _at++;
                _at++;
                return default;
            case '(':
                var plain = _pattern[_at] != '?' || _pattern[_at + 1] == ':';
                if (plain && _pattern[_at] == '?') _at += 2;
                var group = Alternatives();
                return (null, plain ? group : null);
            case var letter:
                return (letter, null);
        }
    }

    private (bool Optional, bool Repeated) Quantifier()
    {
        if (_at == _pattern.Length) return default;
        var (optional, repeated) = (false, false);
        switch (_pattern[_at])
        {
            case '?' or '*':
                (_at, optional) = (_at + 1, true);
                break;
            case '+':
                (_at, repeated) = (_at + 1, true);
                break;
            case '{':
                optional = _pattern[_at + 1] == '0';
                repeated = true;
                _at += _pattern[_at..].IndexOf('}') + 1;
                break;
            default:
                return default;
        }
        if (_at < _pattern.Length && _pattern[_at] == '?') _at++;
        return (optional, repeated);
    }

    private static string[]? Better(string[]? best, StringBuilder run)
    {
        if (run.Length == 0) return best;
        best = Better(best, [run.ToString()]);
        run.Clear();
        return best;
    }

    private static string[]? Better(string[]? best, string[] other) => best is null || Worth(other) > Worth(best) ? other : best;

    private static int Worth(string[] texts) => texts.Min(text => Common.Contains(text.Trim(' ', '/', ';')) ? 1 : text.Length);
}
