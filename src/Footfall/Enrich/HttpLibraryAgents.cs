using Footfall.Common;

namespace Footfall.Enrich;

/// <summary>
/// Recognises the User-Agents of HTTP libraries and tools. A list of robots has them too, since a log's reader wants them out; but who posts a
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
