using System.Globalization;
using System.Text.RegularExpressions;

namespace Footfall.Api.Query;

/// <summary>
/// An upper bound of the size of the program that RE2 compiles a pattern to, in its instructions. Compiling takes time and memory in
/// proportion to it, and so does matching at each byte of a text.
/// </summary>
/// <remarks>
/// RE2 expands counted repetitions, so that nested ones multiply (re2/simplify.cc), and compiles a class to the ranges of its UTF-8 bytes
/// (re2/compile.cc). The weights were measured: of some 200,000 random patterns one had a larger program in RE2 (of June 2022), by 7 %;
/// most have a third to a half of the estimate.
/// </remarks>
internal static partial class PatternSize
{
    private const double Overhead = 5, Group = 2, Repetition = 4, Character = 8, NamedClass = 1_600;

    /// <summary>The size of a class, and of each of its parts that may be outside ASCII.</summary>
    private const double Class = 8, ClassPart = 14;

    /// <summary>Anything repeated more often is too large anyway.</summary>
    private const double MaxRepetitions = 1e6;

    public static double Estimate(string pattern)
    {
        // Ignoring case, RE2 adds letters to classes, and to k and s their equivalents outside ASCII.
        var caseFactor = IgnoresCase().IsMatch(pattern) ? 4 : 1;
        var groups = new Stack<double>();
        // Only the last item is repeated.
        var (before, last) = (Overhead, 0d);
        foreach (Match token in Tokens().Matches(pattern))
        {
            (before, last) = token.ValueSpan switch
            {
                ['(', ..] => Open(groups, before + last),
                [')'] => (groups.TryPop(out var outer) ? outer : 0, before + last),
                ['|'] => (before + last + 1, 0),
                ['*' or '+' or '?'] => (before, last + Repetition),
                ['{', _, ..] => (before, Repeat(last, token)),
                var one => (before + last, SizeOf(one, caseFactor)),
            };
        }
        return groups.Sum() + before + last;
    }

    private static (double Before, double Last) Open(Stack<double> groups, double size)
    {
        groups.Push(size);
        return (Group, 0);
    }

    private static double Repeat(double size, Match token)
    {
        var min = ParseCount(token.Groups["least"]);
        var max = Math.Max(min, ParseCount(token.Groups["most"]));
        return Math.Max(min, 1) * size + (max - min) * (size + Repetition) + Repetition;
    }

    private static double ParseCount(Group digits) =>
        digits.Length == 0 ? 0 : Math.Min(MaxRepetitions, double.Parse(digits.ValueSpan, CultureInfo.InvariantCulture));

    private static double SizeOf(ReadOnlySpan<char> token, int caseFactor) => token switch
    {
        ['[', ..] => SizeOfClass(token, caseFactor),
        ['\\', 'p' or 'P', ..] => NamedClass,
        ['\\', 'Q', ..] => token.Length * Character,
        ['\\', 'd' or 'D' or 'w' or 'W' or 's' or 'S'] => ClassPart * caseFactor,
        ['\\', 'x', ..] or ['.'] or [.., > '\x7f'] => Character,
        ['k' or 'K' or 's' or 'S'] => caseFactor,
        _ => 1,
    };

    private static double SizeOfClass(ReadOnlySpan<char> token, int caseFactor)
    {
        var size = Class * caseFactor;
        foreach (var part in ClassParts().EnumerateMatches(token))
        {
            size += token[part.Index..(part.Index + part.Length)] switch
            {
                ['\\', 'p' or 'P', ..] => NamedClass,
                [<= '\x7f'] => 2,
                _ => ClassPart * caseFactor,
            };
        }
        return size;
    }

    [GeneratedRegex(@"\(\?[a-zA-Z]*i")]
    private static partial Regex IgnoresCase();

    /// <summary>Every character is in exactly one token (https://github.com/google/re2/wiki/Syntax).</summary>
    [GeneratedRegex(
        """\((\?[^:>)]*[:>]?)?|\{(?<least>[0-9]+)(,(?<most>[0-9]*))?\}|\\Q.*?(\\E|\z)|"""
        + """\[\^?\]?(\\[pPx]\{[^}]*\}?|\\.|\[:\^?[a-z]+:\]|[^\]\\])*\]?|\\[pPx](\{[^}]*\}?|.)?|\\.|.""",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Tokens();

    [GeneratedRegex("""\\[pPx](\{[^}]*\}?|.)?|\\.|\[:\^?[a-z]+:\]|.""", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex ClassParts();
}
