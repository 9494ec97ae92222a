using Footfall.Common;

namespace Footfall.History.Projection;

/// <summary>The site's local time. The time zone is queried once per quarter hour, since no present zone changes in between.</summary>
internal sealed class LocalTimeCache(Site site)
{
    private const long QuarterHour = 15 * 60 * 1000;

    private long _quarter = long.MinValue;
    private short _offset;

    /// <summary>Minutes ahead of UTC, and the local day in days since 1970-01-01.</summary>
    /// <param name="time">Unix time in milliseconds.</param>
    public (short Zone, int Day) Convert(long time)
    {
        var quarter = time / QuarterHour;
        if (quarter != _quarter)
        {
            _quarter = quarter;
            _offset = (short)LocalDay.OffsetOf(time, site.TimeZone);
        }
        return (_offset, LocalDay.Of(time, _offset));
    }
}
