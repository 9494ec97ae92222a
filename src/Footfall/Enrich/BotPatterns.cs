using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Footfall.Enrich;

/// <summary>
/// isbot's patterns. Half are literals, searched for all at once; those anchored at the start are one expression, which is tried once; the
/// rest are separate expressions, each with its own fast search. Measured on 2,400 User-Agents: 10 µs each, 30 ms and 6 MB to build. One
/// compiled expression of them all: 25 µs, 160 ms, 30 MB; one without backtracking: 16 µs, 180 ms, 37 MB.
/// </summary>
internal sealed class BotPatterns
{
    /// <summary>Characters beyond this limit are ignored, so that a header of 32 KB costs no more than a long User-Agent.</summary>
    private const int MaxLength = 2_048;

    /// <summary>A character that is neither letter nor space nor digit, in either dialect.</summary>
    private const char NonAsciiPlaceholder = '¤';

    private readonly SearchValues<string> _literals;
    private readonly Regex[] _expressions;

    private BotPatterns(IReadOnlyCollection<string> patterns)
    {
        var words = patterns.Where(IsLiteral).ToArray();
        _literals = SearchValues.Create(words, StringComparison.OrdinalIgnoreCase);
        var rest = patterns.Except(words).ToLookup(pattern => pattern[0] == '^');
        string[] sources = rest.Contains(true) ? [string.Join('|', rest[true]), .. rest[false]] : [.. rest[false]];
        _expressions = [.. sources.Select(source => new Regex(source, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant))];
    }

    /// <param name="path">One pattern per line, including spaces; lines that begin with <c>#</c> are comments. Null for no
    /// patterns.</param>
    public static BotPatterns Load(string? path) => new(path is null ? [] : [.. File.ReadLines(path).Where(line => line is [not '#', ..])]);

    public bool IsMatch(ReadOnlySpan<char> userAgent)
    {
        if (userAgent.Length > MaxLength) userAgent = userAgent[..MaxLength];
        return Ascii.IsValid(userAgent) ? IsMatchAscii(userAgent) : IsMatchNonAscii(userAgent);
    }

    private bool IsMatchAscii(ReadOnlySpan<char> userAgent)
    {
        if (userAgent.ContainsAny(_literals)) return true;
        foreach (var expression in _expressions)
            if (expression.IsMatch(userAgent)) return true;
        return false;
    }

    /// <summary>
    /// In JavaScript <c>\w</c>, <c>\d</c> and <c>\b</c> know ASCII only, in .NET all of Unicode; with every foreign letter replaced they
    /// agree.
    /// </summary>
    private bool IsMatchNonAscii(ReadOnlySpan<char> userAgent)
    {
        Span<char> plain = stackalloc char[userAgent.Length];
        for (var i = 0; i < plain.Length; i++)
            plain[i] = char.IsAscii(userAgent[i]) || userAgent[i] == '\u00a0' ? userAgent[i] : NonAsciiPlaceholder;
        return IsMatchAscii(plain);
    }

    private static bool IsLiteral(string pattern) =>
        pattern.All(static c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '/' or '-' or '_' or ':' or ';');
}
