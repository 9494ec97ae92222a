using System.Buffers;
using System.Net;
using System.Text;

namespace Footfall.Ingest;

/// <summary>
/// The parts of a URL that are kept. Of a query only the source parameters are: the rest may have tokens, addresses and names of people.
/// Split by spans: <see cref="Uri"/> costs a microsecond and 600 bytes per hit.
/// </summary>
internal readonly ref struct PageUrl
{
    private static readonly SearchValues<byte> EndOfHost = SearchValues.Create("/?#"u8);
    private static readonly SearchValues<byte> EndOfPath = SearchValues.Create("?#"u8);

    private PageUrl(ReadOnlySpan<byte> scheme, ReadOnlySpan<byte> hostAndPath, ReadOnlySpan<byte> host, ReadOnlySpan<byte> path,
        ReadOnlySpan<byte> query)
    {
        Scheme = scheme;
        HostAndPath = hostAndPath;
        Host = host;
        Path = path;
        Query = query;
    }

    /// <summary>As sent, with its slashes: <c>https://</c>; empty for a path alone.</summary>
    public ReadOnlySpan<byte> Scheme { get; }

    /// <summary>What follows the scheme, without user information, query and fragment.</summary>
    public ReadOnlySpan<byte> HostAndPath { get; }

    /// <summary>As sent, with its port; empty for a path alone.</summary>
    public ReadOnlySpan<byte> Host { get; }

    public ReadOnlySpan<byte> Path { get; }

    public ReadOnlySpan<byte> Query { get; }

    /// <summary>Splits an absolute url of http or https, or a path where one is allowed (RFC 3986, 3).</summary>
    public static bool TryParse(ReadOnlySpan<byte> url, bool allowPath, out PageUrl parsed)
    {
        parsed = default;
        if (url.IsEmpty) return true;
        if (url.Contains((byte)' ')) return false;
        if (allowPath && url[0] == '/')
        {
            var end = url.IndexOfAny(EndOfPath);
            var path = end < 0 ? url : url[..end];
            parsed = new PageUrl(default, path, default, path, ExtractQuery(url, end));
            return true;
        }
        var scheme = url.StartsWith("https://"u8) ? 8 : url.StartsWith("http://"u8) ? 7 : SchemeLengthIgnoreCase(url);
        if (scheme == 0) return false;
        var rest = url[scheme..];
        var hostEnd = rest.IndexOfAny(EndOfHost);
        var host = hostEnd < 0 ? rest : rest[..hostEnd];
        var user = host.LastIndexOf((byte)'@');
        if (user >= 0) host = host[(user + 1)..];
        if (host.IsEmpty || host[0] == ':') return false;
        var tail = hostEnd < 0 ? default : rest[hostEnd..];
        var pathEnd = tail.IndexOfAny(EndOfPath);
        var kept = pathEnd < 0 ? tail : tail[..pathEnd];
        parsed = new PageUrl(url[..scheme], rest[(user + 1)..(hostEnd < 0 ? rest.Length : hostEnd + kept.Length)], host, kept.IsEmpty
            ? "/"u8 : kept, ExtractQuery(tail, pathEnd));
        return true;
    }

    /// <summary>The parameters that name a source, decoded: the first of each name, without those that have control characters.</summary>
    /// <returns>Null, without an allocation, for none, as in most hits.</returns>
    public List<(string Name, string Value)>? ReadCampaign()
    {
        List<(string Name, string Value)>? parameters = null;
        foreach (var range in Query.Split((byte)'&'))
        {
            var pair = Query[range];
            var equals = pair.IndexOf((byte)'=');
            if (equals <= 0 || equals == pair.Length - 1 || !IsCampaignParameter(pair[..equals])) continue;
            var name = Encoding.UTF8.GetString(pair[..equals]);
            var value = WebUtility.UrlDecode(Encoding.UTF8.GetString(pair[(equals + 1)..]));
            if (value.AsSpan().ContainsAnyInRange('\0', '\u001F') || ContainsName(parameters, name)) continue;
            (parameters ??= []).Add((name, value));
        }
        return parameters;
    }

    /// <summary>Not a lambda: its closure would be allocated for each hit, with or without parameters.</summary>
    private static bool ContainsName(List<(string Name, string Value)>? parameters, string name)
    {
        if (parameters is null) return false;
        foreach (var known in parameters)
            if (known.Name == name) return true;
        return false;
    }

    private static bool IsCampaignParameter(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("utm_source"u8) || name.SequenceEqual("utm_medium"u8) || name.SequenceEqual("utm_campaign"u8)
        || name.SequenceEqual("utm_content"u8) || name.SequenceEqual("utm_term"u8) || name.SequenceEqual("ref"u8)
        || name.SequenceEqual("source"u8);

    private static ReadOnlySpan<byte> ExtractQuery(ReadOnlySpan<byte> text, int index)
    {
        if (index < 0 || text[index] == '#') return default;
        var query = text[(index + 1)..];
        var fragment = query.IndexOf((byte)'#');
        return fragment < 0 ? query : query[..fragment];
    }

    private static int SchemeLengthIgnoreCase(ReadOnlySpan<byte> url)
    {
        if (url.Length >= 8 && Ascii.EqualsIgnoreCase(url[..8], "https://"u8)) return 8;
        return url.Length >= 7 && Ascii.EqualsIgnoreCase(url[..7], "http://"u8) ? 7 : 0;
    }
}
