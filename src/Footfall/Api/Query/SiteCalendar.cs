using System.Globalization;
using Footfall.Common;
using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>
/// Days and hours by a site's clock. Skipped or repeated local times need no special case: a day is the set of moments with that local
/// date, and begins with the first of them.
/// </summary>
internal sealed class SiteCalendar(TimeZoneInfo zone)
{
    public const long Second = 1_000, Hour = 3_600_000, DayLength = 86_400_000;

    private const long QuarterHour = 900_000;

    /// <summary>The Monday of the ISO week of a day.</summary>
    public static int MondayOf(int day) => day - ((day + 3) % 7 + 7) % 7;

    /// <summary>The site's local time, as if it were UTC.</summary>
    /// <param name="moment">Unix time in milliseconds.</param>
    public long ToLocal(long moment) => moment + LocalDay.OffsetOf(moment, zone) * 60_000L;

    /// <summary>The local day of a moment, in days since 1970-01-01.</summary>
    public int DayOf(long moment) => LocalDay.Of(moment, zone);

    /// <inheritdoc cref="LocalDay.StartOf"/>
    public long StartOf(int day) => LocalDay.StartOf(day, zone);

    /// <summary>Whether the zone has a local day: Samoa has no 30 December 2011.</summary>
    public bool HasDay(int day) => DayOf(StartOf(day)) == day;

    /// <summary>Whole local days, both included.</summary>
    public Period PeriodOfDays(int first, int last) => new(StartOf(first), StartOf(last + 1), (first, last));

    /// <summary>
    /// Each local hour of a span, once and in order: a skipped hour is absent, a repeated one appears once. In the format of
    /// <see cref="ToLocal"/>.
    /// </summary>
    /// <param name="unit">An hour, or a minute, in milliseconds.</param>
    public IEnumerable<long> LocalUnits(long from, long until, long unit)
    {
        var last = long.MinValue;
        // Offsets are multiples of a quarter hour and change on quarter hours.
        var step = Math.Min(unit, QuarterHour);
        for (var moment = from - from % step; moment < until; moment += step)
        {
            var local = ToLocal(Math.Max(moment, from));
            local -= local % unit;
            if (local <= last) continue;
            last = local;
            yield return local;
        }
    }

    /// <summary>ISO 8601 with the site's offset at that moment: <c>2024-09-04T00:00:00+00:00</c>.</summary>
    public string Format(long moment) =>
        DateTimeOffset.FromUnixTimeMilliseconds(moment).ToOffset(TimeSpan.FromMinutes(LocalDay.OffsetOf(moment, zone)))
            .ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
