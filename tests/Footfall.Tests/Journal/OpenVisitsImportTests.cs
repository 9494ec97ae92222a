using Footfall.Common;
using Footfall.Journal;

namespace Footfall.Tests.Journal;

public sealed class OpenVisitsImportTests
{
    private const long Now = 1_800_000_000_000, LongAgo = 1_400_000_000_000, Minute = 60_000;

    private static readonly Site Shop = new(0, Site.Default, TimeZoneInfo.Utc, "EUR");

    [Fact]
    public void An_import_of_millions_of_visitors_leaves_only_those_of_its_last_hour()
    {
        var visits = new OpenVisits();
        for (var i = 0; i < 300_000; i++)
        {
            var hit = HitAt(LongAgo + i * 100L, (ulong)i + 1);
            Assert.True(visits.Touch(Shop, hit.Visitor, hit.Time, Now));
            visits.Commit();
            visits.EvictImported(hit.Time);
        }
        Assert.InRange(visits.Count, 36_000, 80_000);
        Assert.False(visits.Touch(Shop, 300_000 - 1_000, LongAgo + 300_000 * 100L, Now));
    }

    [Fact]
    public void Visitors_of_requests_are_not_forgotten_by_an_import()
    {
        var visits = new OpenVisits();
        visits.Touch(Shop, 1, Now - 20 * 60 * Minute, Now);
        for (var i = 0; i < 50_000; i++) visits.Touch(Shop, (ulong)i + 2, LongAgo, Now);
        visits.Commit();
        visits.EvictImported(Now);
        Assert.Equal(1, visits.Count);
        Assert.False(visits.Touch(Shop, 1, Now - 20 * 60 * Minute + 29 * Minute, Now));
    }

    private static Hit HitAt(long time, ulong visitor) => new(Shop, time, Country.Unknown, HitKind.PageView, false, visitor, 0, 0, 0, 0);
}
