using Footfall.Live;
using Footfall.Words;

namespace Footfall.Query;

/// <summary>What the live stream shows of a site now.</summary>
internal interface IRealtime
{
    RealtimeCounts Read(Site site);
}

/// <summary>Counts of 0 are left out.</summary>
/// <param name="Visits">Begun in a minute, by the minute's first millisecond (Unix time), of the last half hour.</param>
/// <param name="Active">Visitors active in the last five minutes.</param>
internal sealed record RealtimeCounts(IReadOnlyList<(long Minute, Country Country, long Visits)> Visits, IReadOnlyList<(Country Country, long Visitors)> Active);

/// <summary>Reads the picture that the streams are made from.</summary>
internal sealed class LiveRealtime(LivePicture picture) : IRealtime
{
    public RealtimeCounts Read(Site site)
    {
        var copy = new PictureCopy();
        picture.Read(site, new PictureCopy(), copy);
        List<(long, Country, long)> visits = [];
        List<(Country, long)> active = [];
        for (var minute = copy.Taken.Minute - Moment.Minutes + 1; minute <= copy.Taken.Minute; minute++)
        {
            var counts = copy.VisitsOf(minute);
            for (var i = 0; i < counts.Length; i++)
                if (counts[i] > 0) visits.Add((minute * Moment.MillisecondsPerMinute, copy.Countries[i], counts[i]));
        }
        for (var i = 0; i < copy.Active.Length; i++)
            if (copy.Active[i] > 0) active.Add((copy.Countries[i], copy.Active[i]));
        return new RealtimeCounts(visits, active);
    }
}
