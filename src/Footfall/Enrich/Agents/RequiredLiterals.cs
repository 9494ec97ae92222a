using System.Text;

namespace Footfall.Enrich.Agents;

/// <summary>
/// Finds literals such that every match of a regular expression has one: a literal search costs 10 ns, the expression 1 µs. Supports
/// the syntax that uap-core uses; in doubt it requires less.
/// </summary>
internal ref struct RequiredLiterals
{
    /// <summary>With more literals than this, the filter is useless.</summary>
    private const int MaxLiterals = 250;

    /// <summary>Text that nearly every User-Agent has: requiring it saves nothing.</summary>
    private static readonly string[] CommonLiterals =
        ["Mozilla", "AppleWebKit", "Chrome", "Safari", "Gecko", "Version", "Windows", "Android", "Mobile", "Linux", "Mac OS X"];

    private readonly ReadOnlySpan<char> _pattern;
    private int _index;
    private bool _ignoreCase;

    private RequiredLiterals(ReadOnlySpan<char> pattern) => _pattern = pattern;

    /// <returns>The literals, null if none is required; and whether case is ignored.</returns>
    public static (string[]? Texts, bool AnyCase) Extract(string pattern)
    {
        var reader = new RequiredLiterals(pattern);
        var texts = reader.ReadAlternatives();
        return (texts, reader._ignoreCase);
    }

    /// <summary>Reads to the end, or past the closing bracket.</summary>
    private string[]? ReadAlternatives()
    {
        List<string>? all = [];
        while (true)
        {
            var branch = ReadBranch();
            if (branch is null) all = null;
            else all?.AddRange(branch);
            if (_index < _pattern.Length && _pattern[_index++] == '|') continue;
            return all is { Count: > 0 and <= MaxLiterals } ? [.. all.Distinct()] : null;
        }
    }

    /// <summary>The longest of consecutive literals; all those of a group.</summary>
    private string[]? ReadBranch()
    {
        string[]? best = null;
        var run = new StringBuilder();
        while (_index < _pattern.Length && _pattern[_index] is not ('|' or ')'))
        {
            var (literal, group) = ReadAtom();
            var (optional, repeated) = ReadQuantifier();
            if (literal is { } letter && !optional) run.Append(letter);
            if (literal is not null && !optional && !repeated) continue;
            best = PickBetter(best, run);
            if (group is not null && !optional) best = PickBetter(best, group);
        }
        return PickBetter(best, run);
    }

    /// <summary>Reads one character, class, or group.</summary>
    private (char? Literal, string[]? Group) ReadAtom()
    {
        switch (_pattern[_index++])
        {
            case '\\':
                var escaped = _pattern[_index++];
                return (char.IsAsciiLetterOrDigit(escaped) ? null : escaped, null);
            case '.' or '^' or '$':
                return default;
            case '[':
                if (_pattern[_index..] is [var upper, var lower, ']', ..] && char.IsAsciiLetterUpper(upper)
                    && (char)(upper | 0x20) == lower)
                {
                    // A letter in either case: then the whole rule ignores case.
                    _index += 3;
                    _ignoreCase = true;
                    return (lower, null);
                }
                // A leading bracket is a literal.
                if (_pattern[_index] == '^') _index++;
                if (_pattern[_index] == ']') _index++;
                for (; _pattern[_index] != ']'; _index++)
                    if (_pattern[_index] == '\\') _index++;
                _index++;
                return default;
            case '(':
                var plain = _pattern[_index] != '?' || _pattern[_index + 1] == ':';
                if (plain && _pattern[_index] == '?') _index += 2;
                var group = ReadAlternatives();
                return (null, plain ? group : null);
            case var letter:
                return (letter, null);
        }
    }

    private (bool Optional, bool Repeated) ReadQuantifier()
    {
        if (_index == _pattern.Length) return default;
        var (optional, repeated) = (false, false);
        switch (_pattern[_index])
        {
            case '?' or '*':
                (_index, optional) = (_index + 1, true);
                break;
            case '+':
                (_index, repeated) = (_index + 1, true);
                break;
            case '{':
                optional = _pattern[_index + 1] == '0';
                repeated = true;
                _index += _pattern[_index..].IndexOf('}') + 1;
                break;
            default:
                return default;
        }
        if (_index < _pattern.Length && _pattern[_index] == '?') _index++;
        return (optional, repeated);
    }

    private static string[]? PickBetter(string[]? best, StringBuilder run)
    {
        if (run.Length == 0) return best;
        best = PickBetter(best, [run.ToString()]);
        run.Clear();
        return best;
    }

    private static string[]? PickBetter(string[]? best, string[] other) => best is null || Score(other) > Score(best) ? other : best;

    private static int Score(string[] texts) => texts.Min(text => CommonLiterals.Contains(text.Trim(' ', '/', ';')) ? 1 : text.Length);
}
