using Footfall.Words;

namespace Footfall.Enrich;

/// <summary>
/// Recognises the User-Agents of HTTP libraries and tools. A list of robots has them too, since a log's reader wants them out; but who posts a
/// hit with one is a shop's backend, and its hits count.
/// </summary>
internal static class HttpClients
{
    private static readonly string[] Beginnings = [.. Embedded.Lines("http-clients.txt")];

    public static bool IsOne(ReadOnlySpan<char> userAgent)
    {
        foreach (var beginning in Beginnings)
            if (userAgent.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
