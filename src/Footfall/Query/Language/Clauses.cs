using System.Text.RegularExpressions;
using Footfall.History;
using Footfall.Words;

namespace Footfall.Query.Language;

/// <summary>The clauses of one filter, and what they mean to the history.</summary>
/// <param name="Operator">Without its <c>_not</c>.</param>
/// <param name="Values">At least one.</param>
internal sealed record Clauses(QueryDimension Dimension, Operator Operator, IReadOnlyList<string> Values, bool CaseSensitive)
{
    /// <summary>The value that Plausible names a page view by in <c>event:name</c>; GA4, and with it Footfall, has an underscore more.</summary>
    private const string PlausiblePageView = "pageview", PageView = "page_view";

    private StringComparison Comparison => CaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    /// <summary>The regular expressions among the values, as RE2 gets them.</summary>
    public IEnumerable<string> Patterns => Operator switch
    {
        Operator.Matches => Values,
        Operator.Is => Values.Where(IsPattern).Select(Pattern),
        _ => [],
    };

    public Filter Compile()
    {
        if (Dimension.IsUnknown) return FilterLogic.Constant(Matches(""));
        if (Dimension.Is(DimensionKind.Country)) return OfCountries();
        return Operator switch
        {
            Operator.Is => OfTexts(),
            Operator.Contains => FilterLogic.Or([Compare(Operator.Contains, Values), .. Empty()]),
            _ => Compare(Operator.Matches, Values),
        };
    }

    /// <summary>Values with an asterisk are patterns where Plausible has them so: of pages, and of the goals that are pages.</summary>
    private Filter OfTexts()
    {
        var patterns = Values.Where(IsPattern).ToList();
        var texts = Values.Except(patterns).Select(Meaning).Distinct().ToList();
        List<Filter> either = [];
        if (texts.Count > 0) either.Add(Compare(Operator.Is, texts));
        if (patterns.Count > 0) either.Add(Compare(Operator.Matches, [.. patterns.Select(Pattern)]));
        return FilterLogic.Or(either);
    }

    private bool IsPattern(string value) => value.Contains('*') && Dimension.Stored?.Kind switch
    {
        DimensionKind.Page or DimensionKind.EntryPage or DimensionKind.ExitPage => true,
        DimensionKind.Goal => value.StartsWith("Visit /", StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>Of RE2: an asterisk, or several, stand for any characters.</summary>
    private string Pattern(string value)
    {
        var parts = value.Split('*', StringSplitOptions.None).Select(Regex.Escape);
        return $"{(CaseSensitive ? "" : "(?i)")}^{Regex.Replace(string.Join(".*", parts), @"(\.\*)+", ".*")}$";
    }

    private string Meaning(string value) =>
        value == Dimension.Empty && !Dimension.Is(DimensionKind.Goal) ? ""
        : value == PlausiblePageView && Dimension.Is(DimensionKind.EventName) ? PageView
        : value;

    /// <summary>What is not there passes where the word that is shown of it does.</summary>
    private IEnumerable<Filter> Empty() =>
        !Dimension.Is(DimensionKind.Goal) && Values.Any(value => Dimension.Empty.Contains(value, Comparison)) ? [Compare(Operator.Is, [""])] : [];

    private Filter.Compare Compare(Operator with, IReadOnlyList<string> values) => new(Dimension.Stored!.Value, with, values, CaseSensitive || with == Operator.Matches);

    /// <summary>There are so few countries that the history is asked for codes; a pattern is of RE2, which its engine alone has.</summary>
    private Filter OfCountries()
    {
        if (Operator == Operator.Matches)
            return new Filter.Compare(new Dimension(Dimension.IsCountryName ? DimensionKind.CountryName : DimensionKind.Country), Operator.Matches, Values);
        var every = Country.All.Append(Country.Unknown);
        var codes = Dimension.IsCountryName
            ? CountryNames.All.Where(named => Matches(named.Name)).Select(named => named.Country)
            : Operator == Operator.Is ? Values.Select(Code) : every.Where(country => Matches(country.Code));
        var wanted = codes.Select(country => country.Code).Distinct().Order(StringComparer.Ordinal).ToList();
        if (wanted.Count == 0) return FilterLogic.False;
        return new Filter.Compare(new Dimension(DimensionKind.Country), Operator.Is, wanted);
    }

    private static Country Code(string value)
    {
        if (value is "" or "(not set)" || value.Equals("ZZ", StringComparison.OrdinalIgnoreCase)) return Country.Unknown;
        return Country.Parse(value, out var country) == RejectReason.None
            ? country
            : throw new InvalidQueryException($"The country {InvalidQueryException.Quote(value)} of the filter on visit:country is not a code of ISO 3166-1 alpha-2, such as US.");
    }

    /// <summary>Whether a value that is known here passes.</summary>
    private bool Matches(string text) => Operator switch
    {
        Operator.Is => Values.Any(value => text.Equals(value == "(not set)" ? "" : value, Comparison)),
        Operator.Contains => Values.Any(value => text.Contains(value, Comparison)),
        _ => Values.Select(Parse).ToList().Exists(pattern => pattern.IsMatch(text)),
    };

    /// <summary>Without backtracking, as RE2: time grows with the length only.</summary>
    private static Regex Parse(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception error) when (error is RegexParseException or NotSupportedException)
        {
            throw new InvalidQueryException($"The pattern {InvalidQueryException.Quote(pattern)} is not a regular expression of RE2 (https://github.com/google/re2/wiki/Syntax).");
        }
    }
}
