using Footfall.Live;
using Footfall.Words;

namespace Footfall.Tests.Journal;

/// <summary>For a journal without a live picture.</summary>
internal sealed class NobodyWatches : ILive
{
    public void Forget(Site site)
    {
    }

    public void Load(Site site, Country country, long visits, int day, long today, long place)
    {
    }

    public void Reload(Site site, IReadOnlyList<(Country Country, long Visits, long Today)> visits, int day, long place)
    {
    }

    public void Fold(ReadOnlySpan<Hit> hits, ReadOnlySpan<Outcome> outcomes, bool replayed, ReadOnlySpan<byte> details, long place)
    {
    }
}
