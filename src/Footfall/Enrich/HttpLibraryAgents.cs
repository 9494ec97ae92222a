using Footfall.Common;

namespace Footfall.Enrich;

/// <summary>
/// Recognizes the User-Agents of HTTP libraries and tools. Bot lists include them too, to exclude them from logs; but a hit posted with one
/// comes from a shop's backend, and counts.
/// </summary>
internal static class HttpLibraryAgents
{
    private static readonly string[] Prefixes = [.. EmbeddedResources.ReadLines("http-clients.txt")];

    public static bool IsMatch(ReadOnlySpan<char> userAgent)
    {
        foreach (var beginning in Prefixes)
            if (userAgent.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
