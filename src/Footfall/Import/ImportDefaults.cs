using Footfall.Common;

namespace Footfall.Import;

/// <summary>What all imports have in common.</summary>
internal static class ImportDefaults
{
    /// <summary>The most lines a commit: progress and refusals are told also where no line counts.</summary>
    public const int MaxLinesPerCommit = 20_000;

    /// <summary>A line may be this far in the future, in milliseconds: time zones written wrongly.</summary>
    public const long MaxFutureMilliseconds = 24 * 60 * 60 * 1000;

    /// <summary>The site that an import names.</summary>
    /// <exception cref="ImportException">No import, or none is possible.</exception>
    public static Site GetSite(SiteRegistry sites, string domain)
    {
        var reason = sites.GetOrAdd(domain, out var site);
        return reason == RejectReason.None ? site : throw new ImportException($"{Rejections.Get(reason).Error}.");
    }
}
