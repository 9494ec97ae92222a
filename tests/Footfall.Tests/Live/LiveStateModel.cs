using Footfall.Common;
using Footfall.Live;

namespace Footfall.Tests.Live;

/// <summary>A reference model of the live state of one site, from a list of all hits: slow and simple.</summary>
internal sealed class LiveStateModel(Site site)
{
    private readonly SortedDictionary<string, long> _total = new(StringComparer.Ordinal);
    private readonly List<(long Minute, string Country)> _minutes = [];
    private readonly List<(int Day, string Country)> _days = [];
    private readonly List<(long Step, string Country)> _bare = [];
    private readonly Dictionary<ulong, (long Step, string Country)> _visitors = [];

    /// <summary>How many days have visits: the live state keeps four.</summary>
    public int Days => _days.Select(visit => visit.Day).Distinct().Count();

    public void Apply(in Hit hit, in HitOutcome outcome, LiveTime now)
    {
        if (hit.Bot || outcome.Duplicate) return;
        var country = hit.Country.LowerCode;
        var time = new LiveTime(hit.Time);
        if (outcome.OpenedVisit)
        {
            _total[country] = outcome.Visits;
            if (time.Minute > now.Minute - 30) _minutes.Add((time.Minute, country));
            if (site.DayOf(hit.Time) >= site.DayOf(now.Milliseconds)) _days.Add((site.DayOf(hit.Time), country));
        }
        if (time.Step <= now.Step - 60) return;
        if (hit.Visitor == 0) _bare.Add((time.Step, country));
        else if (!_visitors.TryGetValue(hit.Visitor, out var seen) || time.Step >= seen.Step || seen.Step > now.Step)
            _visitors[hit.Visitor] = (time.Step, country);
    }

    /// <summary>As <see cref="LiveStateClient"/> writes it.</summary>
    public string DescribeAt(LiveTime now)
    {
        var today = _days.Where(visit => visit.Day == site.DayOf(now.Milliseconds)).Select(visit => visit.Country);
        var active = _bare.Concat(_visitors.Values).Where(seen => seen.Step <= now.Step && seen.Step > now.Step - 60)
            .Select(seen => seen.Country);
        var minutes = Enumerable.Range(0, 30).Select(i => now.Minute - 29 + i)
            .Select(minute => $"{minute}{Text(_minutes.Where(visit => visit.Minute == minute).Select(visit => visit.Country))}");
        return $"total {Text(_total.SelectMany(total => Enumerable.Repeat(total.Key, (int)total.Value)))} today {Text(today)} active " +
            $"{Text(active)} minutes {string.Join(' ', minutes)}";
    }

    private static string Text(IEnumerable<string> countries) =>
        "{" + string.Join(',', countries.GroupBy(country => country).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Key}:{group.Count()}")) + "}";
}
