using System.Text.Json;

namespace Footfall.Api.Query;

/// <summary>Reads <c>include</c>.</summary>
internal static class IncludeParser
{
    public static IncludeOptions Parse(JsonElement? value)
    {
        if (value is not { } include) return new IncludeOptions();
        QueryJson.CheckKeys(include, "include", "imports", "time_labels", "total_rows", "comparisons");
        return new IncludeOptions(ReadFlag("imports"), ReadFlag("time_labels"), ReadFlag("total_rows"),
            QueryJson.Optional(include, "comparisons") is { } comparison ? ParseComparison(comparison) : null);

        bool ReadFlag(string key) => QueryJson.Optional(include, key) is { } flag && QueryJson.ReadFlag(flag, $"include.{key}");
    }

    private static ComparisonRequest ParseComparison(JsonElement value)
    {
        const string Key = "include.comparisons";
        QueryJson.CheckKeys(value, Key, "mode", "date_range", "match_day_of_week");
        var mode = QueryJson.Optional(value, "mode") is { } given ? QueryJson.ReadText(given, $"{Key}.mode") : "";
        var range = QueryJson.Optional(value, "date_range");
        var match = QueryJson.Optional(value, "match_day_of_week") is { } flag && QueryJson.ReadFlag(flag, $"{Key}.match_day_of_week");
        if (mode != "custom" && range is not null) throw new InvalidQueryException($"The {Key}.date_range needs the mode custom.");
        return mode switch
        {
            "previous_period" => new ComparisonRequest(ComparisonMode.PreviousPeriod, null, match, value),
            "year_over_year" => new ComparisonRequest(ComparisonMode.YearOverYear, null, match, value),
            "custom" when range is { } pair =>
                new ComparisonRequest(ComparisonMode.Custom, DateRangeParser.ParsePair(pair, $"{Key}.date_range"), match, value),
            "custom" => throw new InvalidQueryException($"The mode custom needs {Key}.date_range: two dates, or two times."),
            _ => throw new InvalidQueryException($"The {Key}.mode {InvalidQueryException.Quote(mode)} is unknown: use one of "
                + $"previous_period, year_over_year, custom."),
        };
    }
}
