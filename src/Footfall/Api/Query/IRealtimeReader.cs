using Footfall.Common;
using Footfall.Live;

namespace Footfall.Api.Query;

/// <summary>What the live stream currently shows of a site.</summary>
internal interface IRealtimeReader
{
    RealtimeCounts Read(Site site);
}

/// <summary>Counts of 0 are left out.</summary>
/// <param name="Visits">Begun in a minute, by the minute's first millisecond (Unix time), of the last half hour.</param>
/// <param name="Active">Visitors active in the last five minutes.</param>
internal sealed record RealtimeCounts(IReadOnlyList<(long Minute, Country Country, long Visits)> Visits,
    IReadOnlyList<(Country Country, long Visitors)> Active);

/// <summary>Reads the live state behind the streams.</summary>
internal sealed class LiveRealtimeReader(LiveState state) : IRealtimeReader
{
    public RealtimeCounts Read(Site site)
    {
        var snapshot = new LiveSnapshot();
        state.TryCopy(site, new LiveSnapshot(), snapshot);
        List<(long, Country, long)> visits = [];
        List<(Country, long)> active = [];
        for (var minute = snapshot.TakenAt.Minute - LiveTime.Minutes + 1; minute <= snapshot.TakenAt.Minute; minute++)
        {
            var counts = snapshot.GetMinuteVisits(minute);
            for (var i = 0; i < counts.Length; i++)
                if (counts[i] > 0) visits.Add((minute * LiveTime.MillisecondsPerMinute, snapshot.Countries[i], counts[i]));
        }
        for (var i = 0; i < snapshot.Active.Length; i++)
            if (snapshot.Active[i] > 0) active.Add((snapshot.Countries[i], snapshot.Active[i]));
        return new RealtimeCounts(visits, active);
    }
}
