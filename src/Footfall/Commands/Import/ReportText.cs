using System.Globalization;

namespace Footfall.Commands.Import;

/// <summary>The parts of the summaries of imports.</summary>
internal static class ReportText
{
    /// <summary>How many countries are listed.</summary>
    private const int MaxCountries = 10;

    public static void WriteRow(TextWriter output, long number, string text) => output.WriteLine($"{FormatNumber(number),12} {text}");

    /// <summary>What to do for data that is too old.</summary>
    public const string KeepLongerHint =
        "Set Footfall__History__RollupsDays higher, or to 0 to keep everything, restart the server and run "
        + "the same command again";

    /// <summary>Why something is not counted, to follow its name.</summary>
    /// <param name="oldest">Unix time in milliseconds.</param>
    public static string DescribeExpired(long oldest, int days) => string.Create(CultureInfo.InvariantCulture,
        $"from before {DateTimeOffset.FromUnixTimeMilliseconds(oldest):yyyy-MM-dd HH:mm} UTC, which the history would not keep: "
            + $"Footfall__History__HitsDays and Footfall__History__RollupsDays keep {days:N0} days.");

    /// <param name="plural">The noun for any number but one; by default with an s.</param>
    public static string FormatCount(long number, string noun, string? plural = null) =>
        $"{FormatNumber(number)} {(number == 1 ? noun : plural ?? $"{noun}s")}";

    public static string FormatNumber(decimal number) => number.ToString("#,##0.######", CultureInfo.InvariantCulture);

    public static string FormatPeriod(DateTimeOffset? from, DateTimeOffset? to) =>
        from is { } first && to is { } last
            ? string.Create(CultureInfo.InvariantCulture, $" from {first:yyyy-MM-dd HH:mm} to {last:yyyy-MM-dd HH:mm} UTC") : "";

    /// <param name="counts">By country, most first.</param>
    public static string FormatCountries(IReadOnlyDictionary<string, long> counts)
    {
        var named = string.Join(", ", counts.Take(MaxCountries).Select(country => $"{country.Key} {FormatNumber(country.Value)}"));
        var others = counts.Skip(MaxCountries).ToList();
        return others.Count == 0 ? named
            : $"{named}, and {FormatNumber(others.Sum(country => country.Value))} from " +
                $"{FormatCount(others.Count, "other country", "other countries")}";
    }
}
