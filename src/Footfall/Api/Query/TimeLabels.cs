using System.Globalization;
using Footfall.Common;
using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>The labels of a period's buckets, by the site's clock.</summary>
internal static class TimeLabels
{
    /// <summary>All buckets of a period, in order, including future ones, as in Plausible.</summary>
    /// <exception cref="InvalidQueryException">There are too many.</exception>
    public static List<string> Create(DimensionKind kind, SiteCalendar calendar, Period period)
    {
        var (first, last) = DaysOf(calendar, period);
        var labels = kind switch
        {
            DimensionKind.Minute => calendar.LocalUnits(period.From, period.Until, SiteCalendar.Hour / 60).Select(FormatTime),
            DimensionKind.Hour => calendar.LocalUnits(period.From, period.Until, SiteCalendar.Hour).Select(FormatTime),
            DimensionKind.Day => Enumerable.Range(first, last - first + 1).Where(calendar.HasDay).Select(FormatDate),
            DimensionKind.Week => Weeks(first, last).Select(FormatDate),
            DimensionKind.Month => Months(first, last).Select(FormatDate),
            _ => throw new InvalidOperationException($"{kind} is no time."),
        };
        List<string> list = [.. labels.Take(QueryLimits.Labels + 1)];
        if (list.Count <= QueryLimits.Labels) return list;
        throw new InvalidQueryException(FormattableString.Invariant(
            $"The date_range has more than {QueryLimits.Labels:N0} time labels: choose a shorter one, or larger buckets."));
    }

    /// <summary>
    /// The label of a stored week, which is its Monday; a week that begins before the period is labeled with the period's first day, as in
    /// Plausible.
    /// </summary>
    public static string WeekLabel(string monday, SiteCalendar calendar, Period period)
    {
        var first = FormatDate(DaysOf(calendar, period).First);
        return string.CompareOrdinal(monday, first) < 0 ? first : monday;
    }

    private static (int First, int Last) DaysOf(SiteCalendar calendar, Period period) =>
        period.Days ?? (calendar.DayOf(period.From), calendar.DayOf(period.Until - 1));

    private static IEnumerable<int> Weeks(int first, int last)
    {
        yield return first;
        for (var monday = SiteCalendar.MondayOf(first) + 7; monday <= last; monday += 7) yield return monday;
    }

    private static IEnumerable<int> Months(int first, int last)
    {
        var date = LocalDay.DateOf(first);
        for (var month = new DateOnly(date.Year, date.Month, 1); LocalDay.Of(month) <= last; month = month.AddMonths(1))
            yield return LocalDay.Of(month);
    }

    private static string FormatDate(int day) => LocalDay.DateOf(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <param name="local">The site's local time, as if it were UTC.</param>
    public static string FormatTime(long local) =>
        DateTimeOffset.FromUnixTimeMilliseconds(local).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
