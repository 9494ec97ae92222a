using Footfall.Words;

namespace Footfall.Live;

internal sealed class LivePicture : ILive
{
    public void Load(Site site, Country country, long visits, int day, long today)
    {
    }

    public void Fold(ReadOnlySpan<Hit> hits, ReadOnlySpan<Outcome> outcomes, bool replayed)
    {
    }
}
