using Footfall.Common;

namespace Footfall.Enrich;

/// <summary>
/// Recognizes the User-Agents of HTTP libraries and tools. Bot lists have them too, since a log's reader wants them out; but who posts a
/// hit with one is a shop's backend, and its hits count.
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
