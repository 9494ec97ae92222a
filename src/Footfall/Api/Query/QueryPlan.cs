using Footfall.Common;
using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>A query at a moment: the query of the history, and how its rows are shown.</summary>
internal sealed class QueryPlan
{
    private readonly int[] _storedIndexes;

    /// <param name="now">Unix milliseconds.</param>
    /// <param name="firstHit">Of the site, for the date range <c>all</c>.</param>
    public QueryPlan(QueryRequest request, long now, long? firstHit)
    {
        Request = request;
        Calendar = new SiteCalendar(request.Site?.TimeZone ?? TimeZoneInfo.Utc);
        Today = Calendar.DayOf(now);
        Period = request.Range.Resolve(Calendar, now, request.ReferenceDate is { } date ? LocalDay.Of(date) : Today, firstHit);
        Dimensions = [.. request.Dimensions.Select(dimension =>
            dimension.IsTime && dimension.Stored is null ? DimensionNames.ForTime(TimeBucket) : dimension)];
        StoredDimensions = [.. Dimensions.Where(dimension => !dimension.IsUnknown).Select(dimension => dimension.Stored!.Value).Distinct()];
        _storedIndexes = [.. Dimensions.Select(dimension => dimension.Stored is { } stored ? StoredDimensions.IndexOf(stored) : -1)];
        OrderBy = request.OrderBy ?? DefaultOrderBy();
    }

    public QueryRequest Request { get; }

    public SiteCalendar Calendar { get; }

    /// <summary>The site's local day.</summary>
    public int Today { get; }

    public Period Period { get; }

    /// <summary>As requested, with the bucket in place of <c>time</c>.</summary>
    public IReadOnlyList<QueryDimension> Dimensions { get; }

    /// <summary>What the history groups by: a name and a code are one.</summary>
    public List<Dimension> StoredDimensions { get; }

    public IReadOnlyList<OrderByKey> OrderBy { get; }

    /// <summary>The dimension of time; null without one.</summary>
    public DimensionKind? TimeKind => Dimensions.FirstOrDefault(dimension => dimension.IsTime)?.Stored?.Kind;

    /// <summary>Whether the rows are put in order here: the history knows no names of countries.</summary>
    public bool SortsInMemory => OrderBy.Any(key => key.DimensionIndex >= 0 && Dimensions[key.DimensionIndex].IsCountryName);

    /// <summary>All rows of a period where they are put in order here, otherwise those of the page.</summary>
    public StatsQuery ToStatsQuery(Site site) => SortsInMemory
        ? ToUnpagedQuery(site, Period)
        : new StatsQuery(site, Period, Request.Metrics, StoredDimensions, FilterLogic.ToHistoryFilter(Request.Filter), ToSortKeys(),
            Request.Pagination.Limit, Request.Pagination.Offset, Request.Include.TotalRows, MissingLabels);

    private List<string> MissingLabels => [.. StoredDimensions.Select((_, i) => Dimensions[Array.IndexOf(_storedIndexes, i)].EmptyLabel)];

    /// <summary>All rows of a period.</summary>
    public StatsQuery ToUnpagedQuery(Site site, Period period) =>
        new(site, period, Request.Metrics, StoredDimensions, FilterLogic.ToHistoryFilter(Request.Filter), ToSortKeys(),
            QueryLimits.RowsInMemory, MissingLabels: MissingLabels);

    /// <summary>The rows as they are shown.</summary>
    /// <param name="period">That of the rows.</param>
    public List<ResultRow> Format(IReadOnlyList<StatsRow> rows, Period period)
    {
        var keepsMoney = Request.HasGoal || !Request.Metrics.Any(metric => metric.IsPlausibleMoney());
        return [.. rows.Select(row =>
            new ResultRow(Format(row.Dimensions, period), keepsMoney ? row.Metrics : [.. row.Metrics.Select(Format)]))];
    }

    /// <summary>The one row of a query without dimensions and without visitors.</summary>
    public object?[] EmptyMetrics() => [.. Request.Metrics.Select(metric => metric.Get().Empty)];

    public string[] Format(string[] stored, Period period)
    {
        var formatted = new string[Dimensions.Count];
        for (var i = 0; i < formatted.Length; i++)
        {
            var dimension = Dimensions[i];
            formatted[i] = _storedIndexes[i] < 0 ? dimension.EmptyLabel
                : dimension.Is(DimensionKind.Week) ? TimeLabels.WeekLabel(stored[_storedIndexes[i]], Calendar, period)
                : dimension.Format(stored[_storedIndexes[i]]);
        }
        return formatted;
    }

    /// <summary>Plausible reports revenue only for goals; <see cref="Metric.Revenue"/> is reported always.</summary>
    private object? Format(object? value, int metric) => Request.Metrics[metric].IsPlausibleMoney() && !Request.HasGoal ? null : value;

    /// <summary>Plausible's steps: hours up to 48 of them, days up to 40, weeks up to 52.</summary>
    private DimensionKind TimeBucket
    {
        get
        {
            if (Request.Range is DateRange.Minutes) return DimensionKind.Minute;
            var last = Period.Until - SiteCalendar.Second;
            var hours = (last - Period.From) / SiteCalendar.Hour;
            return hours <= 48 ? DimensionKind.Hour
                : hours / 24 <= 40 ? DimensionKind.Day
                : hours / (24 * 7) <= 52 ? DimensionKind.Week
                : DimensionKind.Month;
        }
    }

    private OrderByKey[] DefaultOrderBy()
    {
        var time = Dimensions.ToList().FindIndex(dimension => dimension.IsTime);
        return time < 0 ? [new OrderByKey(0, -1, true)] : [new OrderByKey(-1, time, false), new OrderByKey(0, -1, true)];
    }

    private List<SortColumn> ToSortKeys() =>
    [
        .. OrderBy.Where(key => key.DimensionIndex < 0 || _storedIndexes[key.DimensionIndex] >= 0)
            .Select(key => new SortColumn(key.MetricIndex, key.DimensionIndex < 0 ? -1
                : _storedIndexes[key.DimensionIndex], key.Descending)),
    ];
}
