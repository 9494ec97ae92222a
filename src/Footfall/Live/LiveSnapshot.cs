using Footfall.Common;

namespace Footfall.Live;

/// <summary>A snapshot of the live state of a site. Two of them are compared to find changes; the arrays are reused.</summary>
internal sealed class LiveSnapshot
{
    private Country[] _countries = [];
    private long[] _total = [], _today = [];
    private int[] _active = [], _minutes = [];
    private DailyStats[] _todayStats = [], _yesterdayStats = [];

    /// <summary>When it was taken; the minimum value if never.</summary>
    public LiveTime TakenAt { get; set; }

    /// <summary>The version of the live state; 0 for a site without hits.</summary>
    public long Version { get; set; }

    /// <summary>The journal position of the snapshot, as in <see cref="ILiveState.Apply"/>.</summary>
    public long Position { get; set; }

    /// <summary>The site's local day, in days since 1970-01-01.</summary>
    public int Day { get; set; }

    /// <summary>Whether it includes the counts of earlier runs of the program: without them, yesterday is unknown.</summary>
    public bool HasYesterday { get; set; }

    /// <summary>The latest hits, oldest first.</summary>
    public List<LatestHit> Latest { get; } = [];

    /// <summary>
    /// The countries: the other spans have as many entries, in the same order. A later snapshot may have more at the end.
    /// </summary>
    public Span<Country> Countries => _countries.AsSpan(0, Count);

    /// <summary>Visits of all time.</summary>
    public Span<long> Total => _total.AsSpan(0, Count);

    /// <summary>Visits of the site's local day.</summary>
    public Span<long> Today => _today.AsSpan(0, Count);

    /// <summary>Visitors active in the last five minutes.</summary>
    public Span<int> Active => _active.AsSpan(0, Count);

    /// <summary>The other counters of the site's local day.</summary>
    public Span<DailyStats> TodayStats => _todayStats.AsSpan(0, Count);

    /// <summary>The counters of the day before, until the same time.</summary>
    public Span<DailyStats> YesterdayStats => _yesterdayStats.AsSpan(0, Count);

    private int Count { get; set; }

    /// <summary>Resets it to a site without hits.</summary>
    public void Clear()
    {
        Resize(0);
        Latest.Clear();
    }

    /// <summary>Resizes the arrays; their old content is invalid afterwards.</summary>
    public void Resize(int count)
    {
        Count = count;
        if (count <= _countries.Length) return;
        var capacity = Math.Max(count, _countries.Length * 2);
        _countries = new Country[capacity];
        _total = new long[capacity];
        _today = new long[capacity];
        _active = new int[capacity];
        _minutes = new int[capacity * LiveTime.Minutes];
        _todayStats = new DailyStats[capacity];
        _yesterdayStats = new DailyStats[capacity];
    }

    /// <summary>Visits of a minute among the <see cref="LiveTime.Minutes"/> that end with the last one; empty for any other.</summary>
    public Span<int> GetMinuteVisits(long minute, long last)
    {
        var index = (int)Math.Clamp(last - minute, -1, LiveTime.Minutes);
        return index is < 0 or LiveTime.Minutes ? default : _minutes.AsSpan(index * Count, Count);
    }

    public Span<int> GetMinuteVisits(long minute) => GetMinuteVisits(minute, TakenAt.Minute);
}
