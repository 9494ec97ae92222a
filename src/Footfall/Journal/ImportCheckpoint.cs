namespace Footfall.Journal;

/// <summary>The progress of an import, identified by the content read, not by the name of a file.</summary>
/// <param name="Source">The kind of file and the site, separated by a space: <c>access-log shop.example</c>.</param>
/// <param name="Id">One import's own number: its checkpoint moves forward with each commit.</param>
/// <param name="Length">The bytes read from the beginning of the content, after decompression.</param>
/// <param name="Hash">The SHA-256 of these bytes.</param>
internal sealed record ImportCheckpoint(string Source, Guid Id, long Length, byte[] Hash)
{
    /// <summary>The source of access logs of a site.</summary>
    public static string AccessLogSource(string domain) => $"access-log {domain}";

    /// <summary>All import sources of a site.</summary>
    public static IEnumerable<string> ListSources(string domain) => [AccessLogSource(domain)];
}
