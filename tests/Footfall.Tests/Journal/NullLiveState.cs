using Footfall.Common;
using Footfall.Live;

namespace Footfall.Tests.Journal;

/// <summary>For a journal without a live state.</summary>
internal sealed class NullLiveState : ILiveState
{
    public void RemoveSite(Site site)
    {
    }

    public void LoadCounter(Site site, Country country, long visits, int day, long today, long position)
    {
    }

    public void ReplaceCounters(Site site, IReadOnlyList<(Country Country, long Visits, long Today)> visits, int day, long position)
    {
    }

    public void Apply(ReadOnlySpan<Hit> hits, ReadOnlySpan<HitOutcome> outcomes, bool replayed, ReadOnlySpan<byte> details, long position)
    {
    }
}
