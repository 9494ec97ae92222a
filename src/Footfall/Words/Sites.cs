using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace Footfall.Words;

/// <summary>The sites of this process: those of the settings, or those that were seen.</summary>
internal sealed class Sites
{
    /// <summary>The most sites where the settings name none.</summary>
    public const int Limit = 1_000;

    private static readonly IdnMapping Idn = new();

    private readonly ConcurrentDictionary<string, Site> _sites = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Site>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly Lock _adding = new();
    private readonly HashSet<Site>? _named;

    private readonly TimeProvider _time;
    private readonly int _newPerDay;
    private long _daySince;
    private int _newToday;

    public Sites(IOptions<FootfallOptions> options, TimeProvider time)
    {
        (_time, _newPerDay, _daySince) = (time, options.Value.NewSitesPerDay, time.GetTimestamp());
        _lookup = _sites.GetAlternateLookup<ReadOnlySpan<char>>();
        Default = _sites[Site.Default] = new Site(0, Site.Default, TimeZoneInfo.Utc, "EUR");
        Unnamed = Default;
        if (options.Value.Sites.Count == 0) return;
        _named = [.. options.Value.Sites.Select(site => Add(Normalise(site.Domain)!, TimeZoneInfo.FindSystemTimeZoneById(site.TimeZone), site.Currency))];
        if (_named.Count == 1) Unnamed = _named.Single();
    }

    /// <summary>The site <c>default</c>.</summary>
    public Site Default { get; }

    /// <summary>The site of a request that names none: that of the settings where they name just one.</summary>
    public Site Unnamed { get; }

    /// <summary>Whether the settings name the sites: then no others take hits.</summary>
    public bool AreNamed => _named is not null;

    /// <summary>All sites, the default one first.</summary>
    public IEnumerable<Site> All => _sites.Values.OrderBy(site => site.Index);

    /// <summary>Finds a site that is known already.</summary>
    /// <param name="domain">Empty for that of a request that names none.</param>
    public bool TryGet(ReadOnlySpan<char> domain, [NotNullWhen(true)] out Site? site)
    {
        site = Unnamed;
        return domain.IsEmpty || _lookup.TryGetValue(domain, out site);
    }

    /// <summary>Whether hits of a site are taken: one that was counted before the settings named others is still there to be read.</summary>
    public bool Takes(Site site) => _named is null || _named.Contains(site);

    /// <summary>Finds or makes the site of a hit.</summary>
    /// <param name="domain">Empty for that of a request that names none.</param>
    public RejectReason Find(ReadOnlySpan<char> domain, out Site site)
    {
        if (TryGet(domain, out var known))
        {
            site = known;
            return Takes(known) ? RejectReason.None : RejectReason.UnknownSite;
        }
        site = Default;
        if (Normalise(domain.ToString()) is not { } normalised) return RejectReason.InvalidSite;
        lock (_adding)
        {
            if (_sites.TryGetValue(normalised, out known))
            {
                site = known;
                return Takes(known) ? RejectReason.None : RejectReason.UnknownSite;
            }
            if (AreNamed) return RejectReason.UnknownSite;
            if (_sites.Count > Limit) return RejectReason.TooManySites;
            if (!TakeNew()) return RejectReason.TooManyNewSites;
            site = Add(normalised, TimeZoneInfo.Utc, "EUR");
            return RejectReason.None;
        }
    }

    /// <summary>The site of a stored domain, whatever the settings say now: what was counted stays counted.</summary>
    public Site Restore(string domain)
    {
        lock (_adding) return _sites.TryGetValue(domain, out var known) ? known : Add(domain, TimeZoneInfo.Utc, "EUR");
    }

    /// <summary>Counts a new site. The limit keeps one request from taking every place that there is; a shop that is named in the settings needs none.</summary>
    private bool TakeNew()
    {
        if (_time.GetElapsedTime(_daySince) >= TimeSpan.FromDays(1)) (_daySince, _newToday) = (_time.GetTimestamp(), 0);
        return ++_newToday <= _newPerDay;
    }

    /// <summary>Lower case, as the Domain Name System writes it (RFC 1035, RFC 5890); null if it is no domain.</summary>
    public static string? Normalise(string domain)
    {
        if (domain.Length is 0 or > 253) return null;
        // Before it is encoded: afterwards a letter such as U with an umlaut is no letter any more.
        domain = domain.ToLowerInvariant();
        if (!System.Text.Ascii.IsValid(domain))
        {
            try
            {
                domain = Idn.GetAscii(domain);
            }
            catch (ArgumentException)
            {
                return null;
            }
            if (domain.Length > 253) return null;
        }
        foreach (var range in domain.AsSpan().Split('.'))
            if (!IsLabel(domain.AsSpan()[range])) return null;
        return domain;
    }

    private static bool IsLabel(ReadOnlySpan<char> label) =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && !label.ContainsAnyExcept(LabelCharacters);

    private static readonly System.Buffers.SearchValues<char> LabelCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    private Site Add(string domain, TimeZoneInfo zone, string currency) =>
        _sites.GetOrAdd(domain, static (name, place) => new Site(place.Item1, name, place.zone, place.currency), (_sites.Count, zone, currency));
}
