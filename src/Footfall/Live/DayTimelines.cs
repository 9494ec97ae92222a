using Footfall.Common;

namespace Footfall.Live;

/// <summary>The counts of a site's latest days. Not thread-safe.</summary>
internal sealed class DayTimelines(Site site)
{
    /// <summary>Today, yesterday, and room for a clock that jumps and comes back.</summary>
    private const int MaxDays = 4;

    private readonly List<DayTimeline> _days = [];
    private (long Minute, LocalStep Time) _lastHit = (long.MinValue, default), _lastNow = (long.MinValue, default);

    /// <param name="Day">Days since 1970-01-01.</param>
    /// <param name="Step">The step of <see cref="DayTimeline.StepMinutes"/> within the day.</param>
    public readonly record struct LocalStep(int Day, int Step);

    /// <summary>When a hit happened, by the site's clock.</summary>
    public LocalStep ToLocal(LiveTime hit) => ToLocal(hit.Minute, ref _lastHit);

    /// <summary>The site's current local time.</summary>
    public LocalStep GetNow(LiveTime now) => ToLocal(now.Minute, ref _lastNow);

    /// <summary>Adds to a time, unless it is too old to be shown.</summary>
    public void Add(LocalStep time, LocalStep now, int slot, in DailyStats stats)
    {
        if (time.Day < now.Day - 1) return;
        if (Find(time.Day) is not { } day)
        {
            if (_days.Count == MaxDays) RemoveFarthest(now.Day);
            _days.Add(day = new DayTimeline(time.Day));
        }
        day.Add(slot, time.Step, stats);
    }

    /// <summary>Copies today's sums, and those of yesterday until the same time.</summary>
    public void CopyTo(LocalStep now, Span<DailyStats> today, Span<DailyStats> yesterday)
    {
        today.Clear();
        yesterday.Clear();
        Find(now.Day)?.CopySums(today);
        Find(now.Day - 1)?.CopySumsBefore(now.Step, yesterday);
    }

    /// <summary>A separate method, since the lambda's captures would be allocated with each hit.</summary>
    private void RemoveFarthest(int today) => _days.Remove(_days.MaxBy(day => Math.Abs(day.Number - today))!);

    public void Clear() => _days.Clear();

    private DayTimeline? Find(int number)
    {
        foreach (var day in _days)
            if (day.Number == number) return day;
        return null;
    }

    /// <summary>
    /// A day begins at a whole minute everywhere, and a time zone lookup costs as much as the rest of a hit: once a minute is enough.
    /// </summary>
    private LocalStep ToLocal(long minute, ref (long Minute, LocalStep Time) last)
    {
        if (minute == last.Minute) return last.Time;
        var milliseconds = minute * LiveTime.MillisecondsPerMinute;
        var offset = LocalDay.OffsetOf(milliseconds, site.TimeZone);
        var minuteOfDay = (int)(((minute + offset) % 1440 + 1440) % 1440);
        last = (minute, new LocalStep(LocalDay.Of(milliseconds, offset), minuteOfDay / DayTimeline.StepMinutes));
        return last.Time;
    }
}
