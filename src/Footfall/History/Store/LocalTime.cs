using Footfall.Words;

namespace Footfall.History.Store;

/// <summary>The site's clock at a moment: asked once a quarter of an hour, since no zone changes in between (RFC 9636, 3.2 allows it, and none does).</summary>
internal sealed class LocalTime(Site site)
{
    private const long QuarterHour = 15 * 60 * 1000, Minute = 60 * 1000, Day = 24 * 60 * Minute;

    private long _quarter = long.MinValue;
    private short _offset;

    /// <summary>Minutes ahead of UTC, and the local day in days since 1970-01-01.</summary>
    /// <param name="time">Unix time in milliseconds.</param>
    public (short Zone, int Day) Of(long time)
    {
        var quarter = Math.DivRem(time, QuarterHour).Quotient;
        if (quarter != _quarter)
        {
            _quarter = quarter;
            _offset = (short)site.TimeZone.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(time)).TotalMinutes;
        }
        return (_offset, Site.DayOf(time, _offset));
    }
}
