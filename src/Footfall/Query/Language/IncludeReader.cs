using System.Text.Json;

namespace Footfall.Query.Language;

/// <summary>Reads <c>include</c>.</summary>
internal static class IncludeReader
{
    public static Include Read(JsonElement? value)
    {
        if (value is not { } include) return new Include();
        Json.Check(include, "include", "imports", "time_labels", "total_rows", "comparisons");
        return new Include(Flag("imports"), Flag("time_labels"), Flag("total_rows"), Json.Optional(include, "comparisons") is { } comparison ? Comparison(comparison) : null);

        bool Flag(string key) => Json.Optional(include, key) is { } flag && Json.Flag(flag, $"include.{key}");
    }

    private static ComparisonRequest Comparison(JsonElement value)
    {
        const string Key = "include.comparisons";
        Json.Check(value, Key, "mode", "date_range", "match_day_of_week");
        var mode = Json.Optional(value, "mode") is { } given ? Json.Text(given, $"{Key}.mode") : "";
        var range = Json.Optional(value, "date_range");
        var match = Json.Optional(value, "match_day_of_week") is { } flag && Json.Flag(flag, $"{Key}.match_day_of_week");
        if (mode != "custom" && range is not null) throw new InvalidQueryException($"The {Key}.date_range needs the mode custom.");
        return mode switch
        {
            "previous_period" => new ComparisonRequest(ComparisonMode.PreviousPeriod, null, match, value),
            "year_over_year" => new ComparisonRequest(ComparisonMode.YearOverYear, null, match, value),
            "custom" when range is { } pair => new ComparisonRequest(ComparisonMode.Custom, DateRangeReader.Pair(pair, $"{Key}.date_range"), match, value),
            "custom" => throw new InvalidQueryException($"The mode custom needs {Key}.date_range: two dates, or two times."),
            _ => throw new InvalidQueryException($"The {Key}.mode {InvalidQueryException.Quote(mode)} is not known: it is one of previous_period, year_over_year, custom."),
        };
    }
}
