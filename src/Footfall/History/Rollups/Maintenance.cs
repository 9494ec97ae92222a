using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History.Projection;
using Footfall.History.Schema;

namespace Footfall.History.Rollups;

/// <summary>What the history does when it has caught up: closes days and months, and lets go of what is too old.</summary>
internal sealed class Maintenance(HistoryWriter projection, SiteRegistry sites, HistoryOptions options, HistoryMetrics metrics,
    ClockSkewMonitor clock, TimeProvider time, ILogger log)
{
    /// <summary>
    /// A day that got hits within this time may get more: an import, or a tracker that was offline. It is answered from its hits meanwhile.
    /// </summary>
    private static readonly TimeSpan QuietPeriod = TimeSpan.FromSeconds(5);

    /// <summary>A day is not added up more often than this, however many late hits it gets.</summary>
    private static readonly TimeSpan RepeatInterval = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan RetentionInterval = TimeSpan.FromHours(1), MonthInterval = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(int Site, int Day), long> _touchedAt = [], _rolledUpAt = [];
    private readonly Dictionary<int, Site> _sites = [];
    private readonly HashSet<(int Site, int Day)> _failedDays = [];
    private long? _monthsAt, _retentionAt;
    private int _rolledUpDays, _lateDays;

    /// <summary>What retention removed in the last run: if anything, the projection must start over.</summary>
    public RemovedShare Removed { get; private set; }

    /// <summary>Notes days that got hits.</summary>
    public void MarkTouched(IReadOnlyCollection<(int Site, int Day)> days)
    {
        var now = time.GetTimestamp();
        foreach (var day in days) _touchedAt[day] = now;
        if (days.Count > 0) ReportOpenDays();
    }

    /// <summary>Does one piece of work.</summary>
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
            // Without a clock to be trusted no day is too old.
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
    /// A day that can't be added up must not keep hits and other days from going on. Where the whole store fails, the next step says so.
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
            // After an error that DuckDB can't go on from it takes no statement at all: that is the end of this store, and no matter of one
            // day.
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
    /// What is added to a day that has no other hits any more has to be whole: a visit that went on afterwards would be two.
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
