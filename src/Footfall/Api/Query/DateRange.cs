using Footfall.Common;
using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>The <c>date_range</c> of a query, before it is resolved against the clock.</summary>
internal abstract record DateRange
{
    internal sealed record Day : DateRange;

    /// <summary>The 24 hours that end now.</summary>
    internal sealed record LastDay : DateRange;

    /// <summary>The last days, including today.</summary>
    internal sealed record LastDays(int Count) : DateRange;

    internal sealed record Month : DateRange;

    /// <summary>The last months, including the current one.</summary>
    internal sealed record LastMonths(int Count) : DateRange;

    internal sealed record Year : DateRange;

    /// <summary>From the site's first hit to today.</summary>
    internal sealed record All : DateRange;

    /// <summary>The last minutes, including the current one, as in the live state.</summary>
    internal sealed record Minutes(int Count) : DateRange;

    internal sealed record Dates(int First, int Last) : DateRange;

    /// <summary>Unix milliseconds; whole seconds, the last one included.</summary>
    internal sealed record Times(long First, long Last) : DateRange;

    /// <summary>Resolves the range to moments.</summary>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="today">The day to which the shorthands are relative.</param>
    /// <param name="firstHit">The first hit of the site; null without hits.</param>
    public Period Resolve(SiteCalendar calendar, long now, int today, long? firstHit)
    {
        var date = LocalDay.DateOf(today);
        var firstOfMonth = today - date.Day + 1;
        return this switch
        {
            Day => calendar.PeriodOfDays(today, today),
            LastDay => new Period(Floor(now, SiteCalendar.Second) - SiteCalendar.DayLength,
                Floor(now, SiteCalendar.Second) + SiteCalendar.Second, null),
            LastDays(var count) => calendar.PeriodOfDays(today - count + 1, today),
            Month => calendar.PeriodOfDays(firstOfMonth, EndOfMonth(date)),
            LastMonths(var count) =>
                calendar.PeriodOfDays(LocalDay.Of(LocalDay.DateOf(firstOfMonth).AddMonths(1 - count)), EndOfMonth(date)),
            Year => calendar.PeriodOfDays(LocalDay.Of(new DateOnly(date.Year, 1, 1)), LocalDay.Of(new DateOnly(date.Year, 12, 31))),
            All => calendar.PeriodOfDays(Math.Min(firstHit is { } hit ? calendar.DayOf(hit) : today, today), today),
            Minutes(var count) => new Period(Floor(now, Minute) - (count - 1) * Minute, Floor(now, Minute) + Minute, null),
            Dates(var first, var last) => calendar.PeriodOfDays(first, last),
            Times(var first, var last) => new Period(first, last + SiteCalendar.Second, null),
            _ => throw new InvalidOperationException($"{this} has no meaning."),
        };
    }

    private const long Minute = 60_000;

    private static int EndOfMonth(DateOnly date) =>
        LocalDay.Of(new DateOnly(date.Year, date.Month, DateTime.DaysInMonth(date.Year, date.Month)));

    private static long Floor(long moment, long unit) => moment - moment % unit;
}
