using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History.Projection;
using Footfall.History.Schema;

namespace Footfall.History.Rollups;

/// <summary>What the history does when it has caught up: closes days and months, and deletes old data.</summary>
internal sealed class Maintenance(HistoryWriter projection, SiteRegistry sites, HistoryOptions options, HistoryMetrics metrics,
    ClockSkewMonitor clock, TimeProvider time, ILogger log)
{
    /// <summary>
    /// A day that got hits within this time may get more: an import, or a tracker that was offline. Queries read its hits meanwhile.
    /// </summary>
    private static readonly TimeSpan QuietPeriod = TimeSpan.FromSeconds(5);

    /// <summary>A day is not rolled up more often than this, however many late hits it gets.</summary>
    private static readonly TimeSpan RepeatInterval = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan RetentionInterval = TimeSpan.FromHours(1), MonthInterval = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(int Site, int Day), long> _touchedAt = [], _rolledUpAt = [];
    private readonly Dictionary<int, Site> _sites = [];
    private readonly HashSet<(int Site, int Day)> _failedDays = [];
    private long? _monthsAt, _retentionAt;
    private int _rolledUpDays, _lateDays;

    /// <summary>What retention deleted in the last run: if anything, the projection must reload.</summary>
    public RemovedShare Removed { get; private set; }

    /// <summary>Records days that got hits.</summary>
    public void MarkTouched(IReadOnlyCollection<(int Site, int Day)> days)
    {
        var now = time.GetTimestamp();
        foreach (var day in days) _touchedAt[day] = now;
        if (days.Count > 0) ReportOpenDays();
    }

    /// <summary>Runs one maintenance task.</summary>
    /// <returns>Whether there is more.</returns>
    public bool RunNext(CancellationToken cancellationToken)
    {
        Removed = RemovedShare.None;
        if (FindNextDay() is { } day)
        {
            _rolledUpAt[day] = time.GetTimestamp();
            _touchedAt.Remove(day);
            if (TryRollUp(day, cancellationToken))
            {
                projection.MarkClosed(day);
                metrics.DayClosed();
                _rolledUpDays++;
            }
            return true;
        }
        if (_rolledUpDays > 0 || IsDue(_monthsAt, MonthInterval))
        {
            var months = RollUpMonths(cancellationToken);
            if (_rolledUpDays + months > 0) log.Closed(_rolledUpDays, months);
            (_rolledUpDays, _monthsAt) = (0, time.GetTimestamp());
        }
        if (IsDue(_retentionAt, RetentionInterval))
        {
            _retentionAt = time.GetTimestamp();
            // Without a reliable clock, no day is too old.
            var sites = clock.IsSteady() ? projection.SiteNumbers.Select(number => (number, Today(number))) : [];
            Removed = Retention.Run(projection.Connection, sites, options, _lateDays, time.GetUtcNow().ToUnixTimeMilliseconds(), log);
            _lateDays = 0;
            foreach (var old in _rolledUpAt.Where(closed => time.GetElapsedTime(closed.Value) > RepeatInterval).ToList())
                _rolledUpAt.Remove(old.Key);
        }
        ReportOpenDays();
        return false;
    }

    private void ReportOpenDays() => metrics.DaysOpen(projection.OpenDays.Count(open => open.Day < Today(open.Site)));

    /// <summary>
    /// A day that can't be rolled up must not block hits and other days. If the whole store fails, the next step reports it.
    /// </summary>
    private bool TryRollUp((int Site, int Day) day, CancellationToken cancellationToken)
    {
        try
        {
            if (DailyRollup.RollUpDay(projection.Connection, day.Site, day.Day, cancellationToken)) _lateDays++;
            _failedDays.Remove(day);
            return true;
        }
        catch (DuckDBException error)
        {
            // After a fatal error, DuckDB accepts no statement at all: that concerns the whole store, not one day.
            projection.Connection.Execute("SELECT position FROM progress");
            metrics.Failed();
            if (_failedDays.Add(day))
                log.DayNotClosed(LocalDay.DateOf(day.Day), projection.Domain(day.Site), HistoryFault.Describe(error.Message));
            return false;
        }
    }

    private bool IsDue(long? last, TimeSpan every) => last is not { } at || time.GetElapsedTime(at) >= every;

    private (int Site, int Day)? FindNextDay()
    {
        foreach (var day in projection.OpenDays.Order())
        {
            if (day.Day >= Today(day.Site)) continue;
            if (_touchedAt.TryGetValue(day, out var touched) && time.GetElapsedTime(touched) < QuietPeriodOf(day)) continue;
            if (_rolledUpAt.TryGetValue(day, out var closed) && time.GetElapsedTime(closed) < RepeatInterval) continue;
            return day;
        }
        return null;
    }

    /// <summary>
    /// Hits added to a day whose other hits are deleted must be complete: a visit that continued later would count twice.
    /// </summary>
    private TimeSpan QuietPeriodOf((int Site, int Day) day) =>
        Retention.HasRemoved(projection.Connection, day.Site, LocalDay.DateOf(day.Day)) ? RepeatInterval : QuietPeriod;

    private int RollUpMonths(CancellationToken cancellationToken)
    {
        var months = projection.Connection.Query("""
            SELECT DISTINCT site, date_trunc('month', day)::DATE AS month FROM r_totals WHERE grain = 0
            EXCEPT SELECT site, month FROM closed_months
            EXCEPT SELECT site, date_trunc('month', day)::DATE FROM open_days
            """).Select(row => (Site: row.GetInt32(0), Month: row.GetFieldValue<DateOnly>(1))).ToList();
        var closed = 0;
        foreach (var (site, month) in months)
        {
            if (LocalDay.DateOf(Today(site)) < month.AddMonths(1)) continue;
            DailyRollup.RollUpMonth(projection.Connection, site, month, cancellationToken);
            closed++;
        }
        return closed;
    }

    private int Today(int number)
    {
        if (!_sites.TryGetValue(number, out var site)) _sites[number] = site = sites.GetOrAddStored(projection.Domain(number));
        return site.DayOf(time.GetUtcNow().ToUnixTimeMilliseconds());
    }
}
