using Footfall.Words;

namespace Footfall.Collect.AccessLog;

/// <summary>What all imports have in common.</summary>
internal static class Imports
{
    /// <summary>The most lines a commit: progress and refusals are told also where no line counts.</summary>
    public const int MostLines = 20_000;

    /// <summary>A line may be this far in the future, in milliseconds: time zones written wrongly.</summary>
    public const long FutureAllowed = 24 * 60 * 60 * 1000;

    /// <summary>The site that an import names.</summary>
    /// <exception cref="ImportException">There is none, or may be none.</exception>
    public static Site SiteOf(Sites sites, string domain)
    {
        var reason = sites.Find(domain, out var site);
        return reason == RejectReason.None ? site : throw new ImportException($"{Rejections.Of(reason).Error}.");
    }
}
