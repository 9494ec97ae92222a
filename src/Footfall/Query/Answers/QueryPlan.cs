using Footfall.History;
using Footfall.Query.Language;
using Footfall.Words;

namespace Footfall.Query.Answers;

/// <summary>A query at a moment: what the history is asked, and how its rows are shown.</summary>
internal sealed class QueryPlan
{
    private readonly int[] _sources;

    /// <param name="now">Unix milliseconds.</param>
    /// <param name="firstHit">Of the site, for the date range <c>all</c>.</param>
    public QueryPlan(QueryRequest request, long now, long? firstHit)
    {
        Request = request;
        Calendar = new SiteCalendar(request.Site?.TimeZone ?? TimeZoneInfo.Utc);
        Today = Calendar.DayOf(now);
        Period = request.Range.Resolve(Calendar, now, request.Relative is { } date ? LocalDay.Of(date) : Today, firstHit);
        Dimensions = [.. request.Dimensions.Select(dimension => dimension.IsTime && dimension.Stored is null ? DimensionNames.OfTime(Bucket) : dimension)];
        Stored = [.. Dimensions.Where(dimension => !dimension.IsUnknown).Select(dimension => dimension.Stored!.Value).Distinct()];
        _sources = [.. Dimensions.Select(dimension => dimension.Stored is { } stored ? Stored.IndexOf(stored) : -1)];
        Order = request.Order ?? DefaultOrder();
    }

    public QueryRequest Request { get; }

    public SiteCalendar Calendar { get; }

    /// <summary>The site's local day.</summary>
    public int Today { get; }

    public Period Period { get; }

    /// <summary>As asked for, with the bucket in place of <c>time</c>.</summary>
    public IReadOnlyList<QueryDimension> Dimensions { get; }

    /// <summary>What the history groups by: a name and a code are one.</summary>
    public List<Dimension> Stored { get; }

    public IReadOnlyList<OrderKey> Order { get; }

    /// <summary>The dimension of time; null without one.</summary>
    public DimensionKind? Time => Dimensions.FirstOrDefault(dimension => dimension.IsTime)?.Stored?.Kind;

    /// <summary>Whether the rows are put in order here: the history knows no names of countries.</summary>
    public bool SortedHere => Order.Any(key => key.Dimension >= 0 && Dimensions[key.Dimension].IsCountryName);

    /// <summary>All rows of a period where they are put in order here, otherwise those of the page.</summary>
    public Question Question(Site site) => SortedHere
        ? All(site, Period)
        : new Question(site, Period, Request.Metrics, Stored, FilterLogic.Finish(Request.Filter), StoredOrder(), Request.Page.Limit, Request.Page.Offset, Request.Include.TotalRows, Missing);

    private List<string> Missing => [.. Stored.Select((_, i) => Dimensions[Array.IndexOf(_sources, i)].Empty)];

    /// <summary>All rows of a period.</summary>
    public Question All(Site site, Period period) =>
        new(site, period, Request.Metrics, Stored, FilterLogic.Finish(Request.Filter), StoredOrder(), QueryLimits.RowsHere, Missing: Missing);

    /// <summary>The rows as they are shown.</summary>
    /// <param name="period">That of the rows.</param>
    public List<ResultRow> Show(IReadOnlyList<AnswerRow> rows, Period period)
    {
        var asIs = Request.HasGoal || !Request.Metrics.Any(metric => metric.IsPlausibleMoney());
        return [.. rows.Select(row => new ResultRow(Show(row.Dimensions, period), asIs ? row.Metrics : [.. row.Metrics.Select(Show)]))];
    }

    /// <summary>The one row of a query without dimensions where nobody was there.</summary>
    public object?[] OfNothing() => [.. Request.Metrics.Select(metric => metric.OfNothing())];

    public string[] Show(string[] stored, Period period)
    {
        var shown = new string[Dimensions.Count];
        for (var i = 0; i < shown.Length; i++)
        {
            var dimension = Dimensions[i];
            shown[i] = _sources[i] < 0 ? dimension.Empty
                : dimension.Is(DimensionKind.Week) ? TimeLabels.Week(stored[_sources[i]], Calendar, period)
                : dimension.Show(stored[_sources[i]]);
        }
        return shown;
    }

    /// <summary>Plausible tells revenue of goals only; <see cref="Metric.Revenue"/> is told of all.</summary>
    private object? Show(object? value, int metric) => Request.Metrics[metric].IsPlausibleMoney() && !Request.HasGoal ? null : value;

    /// <summary>Plausible's steps: hours up to 48 of them, days up to 40, weeks up to 52.</summary>
    private DimensionKind Bucket
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

    private OrderKey[] DefaultOrder()
    {
        var time = Dimensions.ToList().FindIndex(dimension => dimension.IsTime);
        return time < 0 ? [new OrderKey(0, -1, true)] : [new OrderKey(-1, time, false), new OrderKey(0, -1, true)];
    }

    private List<Order> StoredOrder() =>
    [
        .. Order.Where(key => key.Dimension < 0 || _sources[key.Dimension] >= 0)
            .Select(key => new Order(key.Metric, key.Dimension < 0 ? -1 : _sources[key.Dimension], key.Descending)),
    ];
}
