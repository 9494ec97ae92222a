using DuckDB.NET.Data;
using Footfall.Words;

namespace Footfall.History.Store;

/// <summary>What the history does when it has caught up: closes days and months, and lets go of what is too old.</summary>
internal sealed class Upkeep(Projection projection, Sites sites, HistoryOptions options, HistoryMetrics metrics, ClockWatch clock, TimeProvider time, ILogger log)
{
    /// <summary>A day that got hits within this time may get more: an import, or a tracker that was offline. It is answered from its hits meanwhile.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    /// <summary>A day is not added up more often than this, however many late hits it gets.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Hourly = TimeSpan.FromHours(1), Minutely = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(int Site, int Day), long> _touched = [], _closed = [];
    private readonly Dictionary<int, Site> _sites = [];
    private readonly HashSet<(int Site, int Day)> _refused = [];
    private long? _lastMonths, _lastRetention;
    private int _days, _late;

    /// <summary>What retention has removed in the last turn: if anything, the projection must begin anew.</summary>
    public Removal Removed { get; private set; }

    /// <summary>Notes days that got hits.</summary>
    public void Touched(IReadOnlyCollection<(int Site, int Day)> days)
    {
        var now = time.GetTimestamp();
        foreach (var day in days) _touched[day] = now;
        if (days.Count > 0) TellOpen();
    }

    /// <summary>Does one piece of work.</summary>
    /// <returns>Whether there is more.</returns>
    public bool Turn(CancellationToken stop)
    {
        Removed = Removal.None;
        if (NextDay() is { } day)
        {
            _closed[day] = time.GetTimestamp();
            _touched.Remove(day);
            if (TryClose(day, stop))
            {
                projection.Closed(day);
                metrics.DayClosed();
                _days++;
            }
            return true;
        }
        if (_days > 0 || IsDue(_lastMonths, Minutely))
        {
            var months = CloseMonths(stop);
            if (_days + months > 0) log.Closed(_days, months);
            (_days, _lastMonths) = (0, time.GetTimestamp());
        }
        if (IsDue(_lastRetention, Hourly))
        {
            _lastRetention = time.GetTimestamp();
            // Without a clock to be trusted no day is too old.
            var sites = clock.IsSteady() ? projection.SiteNumbers.Select(number => (number, Today(number))) : [];
            Removed = Retention.Run(projection.Connection, sites, options, _late, time.GetUtcNow().ToUnixTimeMilliseconds(), log);
            _late = 0;
            foreach (var old in _closed.Where(closed => time.GetElapsedTime(closed.Value) > Again).ToList()) _closed.Remove(old.Key);
        }
        TellOpen();
        return false;
    }

    private void TellOpen() => metrics.DaysOpen(projection.OpenDays.Count(open => open.Day < Today(open.Site)));

    /// <summary>A day that can't be added up must not keep hits and other days from going on. Where the whole store fails, the next step says so.</summary>
    private bool TryClose((int Site, int Day) day, CancellationToken stop)
    {
        try
        {
            if (DayCloser.CloseDay(projection.Connection, day.Site, day.Day, stop)) _late++;
            _refused.Remove(day);
            return true;
        }
        catch (DuckDBException error)
        {
            // After an error that DuckDB can't go on from it takes no statement at all: that is the end of this store, and no matter of one day.
            projection.Connection.Run("SELECT position FROM progress");
            metrics.Failed();
            if (_refused.Add(day)) log.DayNotClosed(LocalDay.DateOf(day.Day), projection.Domain(day.Site), HistoryTrouble.Sentence(error.Message));
            return false;
        }
    }

    private bool IsDue(long? last, TimeSpan every) => last is not { } at || time.GetElapsedTime(at) >= every;

    private (int Site, int Day)? NextDay()
    {
        foreach (var day in projection.OpenDays.Order())
        {
            if (day.Day >= Today(day.Site)) continue;
            if (_touched.TryGetValue(day, out var touched) && time.GetElapsedTime(touched) < QuietOf(day)) continue;
            if (_closed.TryGetValue(day, out var closed) && time.GetElapsedTime(closed) < Again) continue;
            return day;
        }
        return null;
    }

    /// <summary>What is added to a day that has no other hits any more has to be whole: a visit that went on afterwards would be two.</summary>
    private TimeSpan QuietOf((int Site, int Day) day) => Retention.HasRemoved(projection.Connection, day.Site, LocalDay.DateOf(day.Day)) ? Again : Quiet;

    private int CloseMonths(CancellationToken stop)
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
            DayCloser.CloseMonth(projection.Connection, site, month, stop);
            closed++;
        }
        return closed;
    }

    private int Today(int number)
    {
        if (!_sites.TryGetValue(number, out var site)) _sites[number] = site = sites.Restore(projection.Domain(number));
        return site.DayOf(time.GetUtcNow().ToUnixTimeMilliseconds());
    }
}
