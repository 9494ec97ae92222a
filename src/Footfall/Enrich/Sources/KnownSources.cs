using Footfall.Common;

namespace Footfall.Enrich.Sources;

/// <summary>The lists of sources, by host and by the names that people use in links.</summary>
internal static class KnownSources
{
    /// <summary>The placeholder for a country in a list.</summary>
    private const string CountryPlaceholder = "{}";

    private static readonly KnownSource Spam = new("", SourceKind.Spam);
    private static readonly Dictionary<string, KnownSource> Hosts = [];
    private static readonly Dictionary<string, KnownSource> Tags = new(StringComparer.OrdinalIgnoreCase);
    private static readonly Dictionary<string,
        KnownSource>.AlternateLookup<ReadOnlySpan<char>> HostLookup = Hosts.GetAlternateLookup<ReadOnlySpan<char>>();

    static KnownSources()
    {
        // A host on two lists belongs to the first one.
        var assistants = Read("ai-assistants.txt", SourceKind.Assistant);
        var videos = Read("video-sites.txt", SourceKind.Video);
        var shops = Read("shopping-sites.txt", SourceKind.Shopping);
        var networks = Read("social-networks.txt", SourceKind.Social);
        var engines = Read("search-engines.txt", SourceKind.Search);
        foreach (var host in EmbeddedResources.ReadLines("referrer-spam.txt")) Hosts.TryAdd(host, Spam);
        foreach (var source in (IEnumerable<KnownSource>)[.. assistants, .. videos, .. shops, .. networks])
            Tags.TryAdd(source.Name, source);
        var named = Tags.Values.Concat(engines).DistinctBy(source => source.Name).ToDictionary(source => source.Name);
        foreach (var fields in EmbeddedResources.ReadLines("source-aliases.txt").Select(line => line.Split('\t')))
            Tags.TryAdd(fields[0], named[fields[1]]);
    }

    /// <summary>The source of a host; null for one that is on no list. Costs no allocation.</summary>
    /// <param name="host">In lower case, without <c>www.</c> and port.</param>
    public static KnownSource? FindByHost(ReadOnlySpan<char> host)
    {
        if (FindExact(host) is { } found) return found;
        // For a portal, only the listed hosts are its search; for others, all subdomains are.
        for (var dot = host.IndexOf('.'); dot >= 0; dot = host.IndexOf('.'))
        {
            host = host[(dot + 1)..];
            if (FindExact(host) is { Kind: not SourceKind.Search } parent) return parent;
        }
        return null;
    }

    /// <summary>The source in a tagged link: a name, an alias or a host; null if it is on no list.</summary>
    public static KnownSource? FindByTag(string tag)
    {
        if (Tags.TryGetValue(tag, out var source)) return source;
        if (!tag.Contains('.')) return null;
        var host = tag.ToLowerInvariant().AsSpan();
        return FindByHost(host.StartsWith("www.") ? host[4..] : host) is { Kind: not SourceKind.Spam } found ? found : null;
    }

    private static KnownSource? FindExact(ReadOnlySpan<char> host)
    {
        if (HostLookup.TryGetValue(host, out var source)) return source;
        Span<char> pattern = stackalloc char[HostName.MaxLength + CountryPlaceholder.Length];
        if (FindCountrySuffix(host) is > 0 and var end)
        {
            host[..end].CopyTo(pattern);
            CountryPlaceholder.CopyTo(pattern[end..]);
            if (HostLookup.TryGetValue(pattern[..(end + CountryPlaceholder.Length)], out source)) return source;
        }
        if (host is [_, _, '.', ..])
        {
            CountryPlaceholder.CopyTo(pattern);
            host[2..].CopyTo(pattern[CountryPlaceholder.Length..]);
            if (HostLookup.TryGetValue(pattern[..host.Length], out source)) return source;
        }
        return null;
    }

    /// <summary>The start of a host's country suffix: <c>de</c>, or <c>co.uk</c>; 0 for none.</summary>
    private static int FindCountrySuffix(ReadOnlySpan<char> host)
    {
        if (host is not [.., '.', _, _]) return 0;
        var end = host.Length - 2;
        var second = host[..(end - 1)].LastIndexOf('.') + 1;
        return second > 0 && host[second..(end - 1)] is "co" or "com" or "org" or "net" or "edu" or "it" ? second : end;
    }

    private static List<KnownSource> Read(string list, SourceKind kind)
    {
        var sources = new Dictionary<string, KnownSource>();
        foreach (var fields in EmbeddedResources.ReadLines(list).Select(line => line.Split('\t')))
        {
            if (!sources.TryGetValue(fields[1], out var source)) sources[fields[1]] = source = new KnownSource(fields[1], kind);
            Hosts.TryAdd(fields[0], source);
        }
        return [.. sources.Values];
    }
}
