namespace Footfall.Common;

/// <summary>Days by a clock, numbered since 1970-01-01.</summary>
internal static class LocalDay
{
    private const long Hour = 3_600_000, Day = 24 * Hour;

    /// <summary>More than the largest offset from UTC, which is 14 hours.</summary>
    private const long MaxOffset = 16 * Hour;

    private static readonly int Epoch = new DateOnly(1970, 1, 1).DayNumber;

    public static int Of(DateOnly date) => date.DayNumber - Epoch;

    public static DateOnly DateOf(int day) => DateOnly.FromDayNumber(day + Epoch);

    /// <param name="moment">Unix time in milliseconds.</param>
    public static int Of(long moment, TimeZoneInfo zone) => Of(moment, OffsetOf(moment, zone));

    /// <param name="moment">Unix time in milliseconds.</param>
    /// <param name="offset">Minutes ahead of UTC.</param>
    public static int Of(long moment, int offset) => (int)Math.Floor((moment + offset * 60_000L) / (double)Day);

    /// <summary>Minutes that a clock is ahead of UTC.</summary>
    /// <param name="moment">Unix time in milliseconds.</param>
    public static int OffsetOf(long moment, TimeZoneInfo zone) =>
        (int)zone.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(moment)).TotalMinutes;

    /// <summary>
    /// The first moment of a day, in Unix milliseconds; of the next day, if the zone skips the day. Found by binary search: a day may begin
    /// at 01:00 if the clock goes forward at midnight.
    /// </summary>
    public static long StartOf(int day, TimeZoneInfo zone)
    {
        var before = day * Day - MaxOffset;
        var after = day * Day + MaxOffset;
        while (after - before > 1)
        {
            var middle = before + (after - before) / 2;
            if (Of(middle, zone) >= day) after = middle;
            else before = middle;
        }
        return after;
    }
}
