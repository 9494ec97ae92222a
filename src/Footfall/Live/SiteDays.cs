using Footfall.Words;

namespace Footfall.Live;

/// <summary>The figures of a site's latest days. Not safe for several threads.</summary>
internal sealed class SiteDays(Site site)
{
    /// <summary>Today, yesterday, and room for a clock that jumps and comes back.</summary>
    private const int Kept = 4;

    private readonly List<SiteDay> _days = [];
    private (long Minute, LocalTime Time) _hits = (long.MinValue, default), _now = (long.MinValue, default);

    /// <param name="Day">Days since 1970-01-01.</param>
    /// <param name="Step">The step of <see cref="SiteDay.StepMinutes"/> within the day.</param>
    public readonly record struct LocalTime(int Day, int Step);

    /// <summary>When a hit happened, by the site's clock.</summary>
    public LocalTime Of(Moment hit) => Of(hit.Minute, ref _hits);

    /// <summary>What the site's clock shows now.</summary>
    public LocalTime Now(Moment now) => Of(now.Minute, ref _now);

    /// <summary>Adds what happened at a time, unless no comparison shows it any more.</summary>
    public void Add(LocalTime time, LocalTime now, int slot, in Figures figures)
    {
        if (time.Day < now.Day - 1) return;
        if (Find(time.Day) is not { } day)
        {
            if (_days.Count == Kept) RemoveFarthest(now.Day);
            _days.Add(day = new SiteDay(time.Day));
        }
        day.Add(slot, time.Step, figures);
    }

    /// <summary>Copies today's sums, and those of yesterday until the same time.</summary>
    public void CopyTo(LocalTime now, Span<Figures> today, Span<Figures> yesterday)
    {
        today.Clear();
        yesterday.Clear();
        Find(now.Day)?.CopySums(today);
        Find(now.Day - 1)?.CopyUntil(now.Step, yesterday);
    }

    /// <summary>In a method of its own: what the lambda captures would be allocated with each hit.</summary>
    private void RemoveFarthest(int today) => _days.Remove(_days.MaxBy(day => Math.Abs(day.Number - today))!);

    public void Clear() => _days.Clear();

    private SiteDay? Find(int number)
    {
        foreach (var day in _days)
            if (day.Number == number) return day;
        return null;
    }

    /// <summary>A day begins at a whole minute everywhere, and asking a time zone costs as much as all else that a hit costs: once a minute is enough.</summary>
    private LocalTime Of(long minute, ref (long Minute, LocalTime Time) last)
    {
        if (minute == last.Minute) return last.Time;
        var milliseconds = minute * Moment.MillisecondsPerMinute;
        var offset = LocalDay.OffsetOf(milliseconds, site.TimeZone);
        var ofDay = (int)(((minute + offset) % 1440 + 1440) % 1440);
        last = (minute, new LocalTime(LocalDay.Of(milliseconds, offset), ofDay / SiteDay.StepMinutes));
        return last.Time;
    }
}
