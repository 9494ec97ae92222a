using Footfall.Common;

namespace Footfall.Import;

/// <summary>What all imports have in common.</summary>
internal static class ImportDefaults
{
    /// <summary>The most lines in a commit: progress and rejections are reported even if no line counts.</summary>
    public const int MaxLinesPerCommit = 20_000;

    /// <summary>How far in the future a line may be, in milliseconds: some logs have a wrong time zone.</summary>
    public const long MaxFutureMilliseconds = 24 * 60 * 60 * 1000;

    /// <summary>The site that an import names.</summary>
    /// <exception cref="ImportException">The import is not possible.</exception>
    public static Site GetSite(SiteRegistry sites, string domain)
    {
        var reason = sites.GetOrAdd(domain, out var site);
        return reason == RejectReason.None ? site : throw new ImportException($"{Rejections.Get(reason).Error}.");
    }
}
