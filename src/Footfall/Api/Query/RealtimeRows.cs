using Footfall.Common;
using Footfall.History;
using Footfall.Live;

namespace Footfall.Api.Query;

/// <summary>
/// Serves from the live state what it has, so that the numbers match <c>GET /api/v1/stats/live</c>: the visits of the last minutes by
/// country and minute, and for <c>realtime</c> the active visitors by country. All other queries of the last minutes run on the history.
/// </summary>
internal static class RealtimeRows
{
    /// <returns>Null for a query that the live state can't serve.</returns>
    public static List<ResultRow>? TryRead(QueryPlan plan, IRealtimeReader realtime)
    {
        var request = plan.Request;
        if (request.Range is not DateRange.Minutes(var minutes) || request.Site is not { } site
            || !ReferenceEquals(request.Filter, FilterLogic.True)) return null;
        var byMinute = plan.StoredDimensions.IndexOf(new Dimension(DimensionKind.Minute));
        var byCountry = plan.StoredDimensions.IndexOf(new Dimension(DimensionKind.Country));
        if (plan.StoredDimensions.Count != (byMinute >= 0 ? 1 : 0) + (byCountry >= 0 ? 1 : 0)) return null;
        // The live state knows who was active within five minutes, not within thirty, and not in which minute.
        var hasVisitors = minutes * 60_000 == LiveTime.Steps * LiveTime.MillisecondsPerStep && byMinute < 0;
        if (request.Metrics.Any(metric => metric != Metric.Visits && !(metric == Metric.Visitors && hasVisitors))) return null;

        var rows = new Dictionary<(string Minute, string Country), (long Visits, long Visitors)>();
        var current = realtime.Read(site);
        foreach (var (minute, country, visits) in current.Visits)
            if (minute >= plan.Period.From && minute < plan.Period.Until) Add(minute, country, visits, 0);
        foreach (var (country, visitors) in current.Active)
            if (hasVisitors) Add(0, country, 0, visitors);
        return [.. rows.Select(row => new ResultRow(plan.Format(Values(row.Key), plan.Period), Metrics(row.Value)))];

        void Add(long minute, Country country, long visits, long visitors)
        {
            var key = (byMinute >= 0 ? TimeLabels.FormatTime(plan.Calendar.ToLocal(minute)) : "", byCountry >= 0 ? country.Code : "");
            var (known, seen) = rows.GetValueOrDefault(key);
            rows[key] = (known + visits, seen + visitors);
        }

        object?[] Metrics((long Visits, long Visitors) counts) =>
            [.. request.Metrics.Select(metric => (object?)(metric == Metric.Visits ? counts.Visits : counts.Visitors))];

        string[] Values((string Minute, string Country) key)
        {
            var values = new string[plan.StoredDimensions.Count];
            if (byMinute >= 0) values[byMinute] = key.Minute;
            if (byCountry >= 0) values[byCountry] = key.Country;
            return values;
        }
    }
}
