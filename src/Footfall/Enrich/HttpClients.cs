using System.Reflection;

namespace Footfall.Enrich;

/// <summary>
/// Recognises the User-Agents of HTTP libraries and tools. A list of robots has them too, since a log's reader wants them out; but who posts a
/// hit with one is a shop's backend, and its hits count.
/// </summary>
internal static class HttpClients
{
    private static readonly string[] Beginnings = Read();

    public static bool IsOne(ReadOnlySpan<char> userAgent)
    {
        foreach (var beginning in Beginnings)
            if (userAgent.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private static string[] Read()
    {
        using var lines = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("http-clients.txt")!);
        return [.. lines.ReadToEnd().Split('\n').Where(line => line is not ("" or ['#', ..]))];
    }
}
