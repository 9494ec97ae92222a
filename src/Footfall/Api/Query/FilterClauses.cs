using System.Text.RegularExpressions;
using Footfall.Common;
using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>The clauses of one filter, and what they mean to the history.</summary>
/// <param name="Operator">Without its <c>_not</c>.</param>
/// <param name="Values">At least one.</param>
internal sealed record FilterClauses(QueryDimension Dimension, FilterOperator Operator, IReadOnlyList<string> Values, bool CaseSensitive)
{
    /// <summary>
    /// The value that Plausible names a page view by in <c>event:name</c>; GA4, and with it Footfall, has an underscore more.
    /// </summary>
    private const string PlausiblePageView = "pageview", PageView = "page_view";

    private StringComparison Comparison => CaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    /// <summary>The regular expressions among the values, as RE2 gets them.</summary>
    public IEnumerable<string> Patterns => Operator switch
    {
        FilterOperator.Matches => Values,
        FilterOperator.Is => Values.Where(IsPattern).Select(ToPattern),
        _ => [],
    };

    public Filter ToFilter()
    {
        if (Dimension.IsUnknown) return FilterLogic.Constant(Matches(""));
        if (Dimension.Is(DimensionKind.Country)) return CountryFilter();
        return Operator switch
        {
            FilterOperator.Is => TextFilter(),
            FilterOperator.Contains => FilterLogic.Or([Compare(FilterOperator.Contains, Values), .. EmptyValueFilter()]),
            _ => Compare(FilterOperator.Matches, Values),
        };
    }

    /// <summary>Values with an asterisk are patterns where Plausible has them so: of pages, and of the goals that are pages.</summary>
    private Filter TextFilter()
    {
        var patterns = Values.Where(IsPattern).ToList();
        var texts = Values.Except(patterns).Select(ToStoredValue).Distinct().ToList();
        List<Filter> alternatives = [];
        if (texts.Count > 0) alternatives.Add(Compare(FilterOperator.Is, texts));
        if (patterns.Count > 0) alternatives.Add(Compare(FilterOperator.Matches, [.. patterns.Select(ToPattern)]));
        return FilterLogic.Or(alternatives);
    }

    private bool IsPattern(string value) => value.Contains('*') && Dimension.Stored?.Kind switch
    {
        DimensionKind.Page or DimensionKind.EntryPage or DimensionKind.ExitPage => true,
        DimensionKind.Goal => value.StartsWith("Visit /", StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>Of RE2: an asterisk, or several, stand for any characters.</summary>
    private string ToPattern(string value)
    {
        var parts = value.Split('*', StringSplitOptions.None).Select(Regex.Escape);
        return $"{(CaseSensitive ? "" : "(?i)")}^{Regex.Replace(string.Join(".*", parts), @"(\.\*)+", ".*")}$";
    }

    private string ToStoredValue(string value) =>
        value == Dimension.EmptyLabel && !Dimension.Is(DimensionKind.Goal) ? ""
        : value == PlausiblePageView && Dimension.Is(DimensionKind.EventName) ? PageView
        : value;

    /// <summary>What is not there passes where the word that is shown of it does.</summary>
    private IEnumerable<Filter> EmptyValueFilter() =>
        !Dimension.Is(DimensionKind.Goal) && Values.Any(value => Dimension.EmptyLabel.Contains(value, Comparison))
            ? [Compare(FilterOperator.Is, [""])] : [];

    private Filter.Comparison Compare(FilterOperator filterOperator, IReadOnlyList<string> values) =>
        new(Dimension.Stored!.Value, filterOperator, values, CaseSensitive || filterOperator == FilterOperator.Matches);

    /// <summary>There are so few countries that the history is asked for codes; a pattern is of RE2, which its engine alone has.</summary>
    private Filter CountryFilter()
    {
        if (Operator == FilterOperator.Matches)
            return new Filter.Comparison(new Dimension(Dimension.IsCountryName ? DimensionKind.CountryName : DimensionKind.Country),
                FilterOperator.Matches, Values);
        var countries = Country.All.Append(Country.Unknown);
        var codes = Dimension.IsCountryName
            ? CountryNames.All.Where(named => Matches(named.Name)).Select(named => named.Country)
            : Operator == FilterOperator.Is ? Values.Select(ParseCountry) : countries.Where(country => Matches(country.Code));
        var wanted = codes.Select(country => country.Code).Distinct().Order(StringComparer.Ordinal).ToList();
        if (wanted.Count == 0) return FilterLogic.False;
        return new Filter.Comparison(new Dimension(DimensionKind.Country), FilterOperator.Is, wanted);
    }

    private static Country ParseCountry(string value)
    {
        if (value is "" or "(not set)" || value.Equals("ZZ", StringComparison.OrdinalIgnoreCase)) return Country.Unknown;
        return Country.Parse(value, out var country) == RejectReason.None
            ? country
            : throw new InvalidQueryException($"The country {InvalidQueryException.Quote(value)} of the filter on visit:country is not an "
                + $"ISO 3166-1 alpha-2 code, such as US.");
    }

    /// <summary>Whether a value that is known here passes.</summary>
    private bool Matches(string text) => Operator switch
    {
        FilterOperator.Is => Values.Any(value => text.Equals(value == "(not set)" ? "" : value, Comparison)),
        FilterOperator.Contains => Values.Any(value => text.Contains(value, Comparison)),
        _ => Values.Select(ParsePattern).ToList().Exists(pattern => pattern.IsMatch(text)),
    };

    /// <summary>Without backtracking, as RE2: time grows with the length only.</summary>
    private static Regex ParsePattern(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception error) when (error is RegexParseException or NotSupportedException)
        {
            throw new InvalidQueryException(
                $"The pattern {InvalidQueryException.Quote(pattern)} is not a regular expression of RE2 " +
                $"(https://github.com/google/re2/wiki/Syntax).");
        }
    }
}
