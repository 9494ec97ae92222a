using System.Globalization;
using Footfall.Common;
using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>
/// Days and hours by a site's clock. Nothing here asks whether a local time is missing or comes twice: a day is the set of moments whose
/// local date it is, and begins with the first of them.
/// </summary>
internal sealed class SiteCalendar(TimeZoneInfo zone)
{
    public const long Second = 1_000, Hour = 3_600_000, DayLength = 86_400_000;

    private const long QuarterHour = 900_000;

    /// <summary>The Monday of the ISO week of a day.</summary>
    public static int MondayOf(int day) => day - ((day + 3) % 7 + 7) % 7;

    /// <summary>What the site's clock shows, as if it were UTC.</summary>
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
    /// Each local hour that the site's clock shows in a span, once and in order: one that is skipped is not there, one that comes twice is
    /// one. Given as <see cref="ToLocal"/> does.
    /// </summary>
    /// <param name="unit">An hour, or a minute, in milliseconds.</param>
    public IEnumerable<long> LocalUnits(long from, long until, long unit)
    {
        var last = long.MinValue;
        // Offsets are whole quarters of an hour, and change at whole ones.
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
