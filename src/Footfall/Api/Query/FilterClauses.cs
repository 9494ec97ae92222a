using System.Text.RegularExpressions;
using Footfall.Common;
using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>The clauses of one filter, and their meaning for the history.</summary>
/// <param name="Operator">Without its <c>_not</c>.</param>
/// <param name="Values">At least one.</param>
internal sealed record FilterClauses(QueryDimension Dimension, FilterOperator Operator, IReadOnlyList<string> Values, bool CaseSensitive)
{
    /// <summary>Plausible's value for a page view in <c>event:name</c>; GA4 and Footfall write it with an underscore.</summary>
    private const string PlausiblePageView = "pageview", PageView = "page_view";

    private StringComparison Comparison => CaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    /// <summary>The regular expressions among the values, as passed to RE2.</summary>
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

    /// <summary>Values with an asterisk are patterns where they are in Plausible: for pages, and for goals that are pages.</summary>
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

    /// <summary>The RE2 pattern: one or more asterisks match any characters.</summary>
    private string ToPattern(string value)
    {
        var parts = value.Split('*', StringSplitOptions.None).Select(Regex.Escape);
        return $"{(CaseSensitive ? "" : "(?i)")}^{Regex.Replace(string.Join(".*", parts), @"(\.\*)+", ".*")}$";
    }

    private string ToStoredValue(string value) =>
        value == Dimension.EmptyLabel && !Dimension.Is(DimensionKind.Goal) ? ""
        : value == PlausiblePageView && Dimension.Is(DimensionKind.EventName) ? PageView
        : value;

    /// <summary>A missing value matches if its displayed label does.</summary>
    private IEnumerable<Filter> EmptyValueFilter() =>
        !Dimension.Is(DimensionKind.Goal) && Values.Any(value => Dimension.EmptyLabel.Contains(value, Comparison))
            ? [Compare(FilterOperator.Is, [""])] : [];

    private Filter.Comparison Compare(FilterOperator filterOperator, IReadOnlyList<string> values) =>
        new(Dimension.Stored!.Value, filterOperator, values, CaseSensitive || filterOperator == FilterOperator.Matches);

    /// <summary>There are so few countries that the history gets codes; patterns need RE2, which only its engine has.</summary>
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

    /// <summary>Whether a value known here matches.</summary>
    private bool Matches(string text) => Operator switch
    {
        FilterOperator.Is => Values.Any(value => text.Equals(value == "(not set)" ? "" : value, Comparison)),
        FilterOperator.Contains => Values.Any(value => text.Contains(value, Comparison)),
        _ => Values.Select(ParsePattern).ToList().Exists(pattern => pattern.IsMatch(text)),
    };

    /// <summary>Without backtracking, like RE2: the time is linear in the length.</summary>
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
