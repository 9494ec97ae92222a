using Footfall.Common;
using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>The period that another one is compared with, by Plausible's rules.</summary>
internal static class ComparisonPeriod
{
    public static Period Find(QueryPlan plan, ComparisonRequest comparison)
    {
        var period = plan.Period;
        if (comparison.Mode == ComparisonMode.Custom) return comparison.Range!.Resolve(plan.Calendar, 0, 0, null);
        if (period.Days is not (var first, var last)) return ShiftBack(period, comparison.Mode);
        // For a current period, only the past days are compared.
        last = Math.Max(first, Math.Min(last, plan.Today));
        var start = comparison.Mode == ComparisonMode.PreviousPeriod
            ? first - (last - first + 1)
            : LocalDay.Of(LocalDay.DateOf(first).AddYears(-1));
        if (comparison.MatchDayOfWeek) start = SameWeekday(start, first);
        return plan.Calendar.PeriodOfDays(start, start + last - first);
    }

    private static Period ShiftBack(Period period, ComparisonMode mode)
    {
        var shift = mode == ComparisonMode.PreviousPeriod ? period.Until - period.From : 365 * SiteCalendar.DayLength;
        return new Period(period.From - shift, period.Until - shift, null);
    }

    /// <summary>The nearest other day with the same weekday; the later one of two equally near.</summary>
    private static int SameWeekday(int day, int original)
    {
        var ahead = (original - day) % 7;
        if (ahead < 0) ahead += 7;
        if (ahead == 0) return day;
        var (next, previous) = (day + ahead, day + ahead - 7);
        return previous == original || (next != original && ahead <= 3) ? next : previous;
    }
}
