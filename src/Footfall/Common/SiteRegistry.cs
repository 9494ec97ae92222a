using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace Footfall.Common;

/// <summary>The sites of this process: those of the settings, or those that were seen.</summary>
internal sealed class SiteRegistry
{
    /// <summary>The maximum number of sites if the settings name none.</summary>
    public const int MaxSites = 1_000;

    private static readonly IdnMapping Idn = new();

    private readonly ConcurrentDictionary<string, Site> _sites = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Site>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly Lock _addLock = new();
    private readonly HashSet<Site>? _configured;

    private readonly TimeProvider _time;
    private readonly int _newPerDay;
    private long _dayStarted;
    private int _newToday;

    public SiteRegistry(IOptions<FootfallOptions> options, TimeProvider time)
    {
        (_time, _newPerDay, _dayStarted) = (time, options.Value.NewSitesPerDay, time.GetTimestamp());
        _lookup = _sites.GetAlternateLookup<ReadOnlySpan<char>>();
        Default = _sites[Site.Default] = new Site(0, Site.Default, TimeZoneInfo.Utc, "EUR");
        Unnamed = Default;
        if (options.Value.Sites.Count == 0) return;
        _configured = [.. options.Value.Sites.Select(site =>
            Add(NormalizeDomain(site.Domain)!, TimeZoneInfo.FindSystemTimeZoneById(site.TimeZone), site.Currency))];
        if (_configured.Count == 1) Unnamed = _configured.Single();
    }

    /// <summary>The site <c>default</c>.</summary>
    public Site Default { get; }

    /// <summary>The site of a request without one: the configured site if there is exactly one.</summary>
    public Site Unnamed { get; }

    /// <summary>Whether the settings name the sites: then hits of others are rejected.</summary>
    public bool AreConfigured => _configured is not null;

    /// <summary>All sites, the default one first.</summary>
    public IEnumerable<Site> All => _sites.Values.OrderBy(site => site.Index);

    /// <summary>Finds a known site.</summary>
    /// <param name="domain">Empty for that of a request that names none.</param>
    public bool TryGet(ReadOnlySpan<char> domain, [NotNullWhen(true)] out Site? site)
    {
        site = Unnamed;
        return domain.IsEmpty || _lookup.TryGetValue(domain, out site);
    }

    /// <summary>Whether hits of a site are accepted: a site counted before the settings named others is only readable.</summary>
    public bool Accepts(Site site) => _configured is null || _configured.Contains(site);

    /// <summary>Finds or creates the site of a hit.</summary>
    /// <param name="domain">Empty for that of a request that names none.</param>
    public RejectReason GetOrAdd(ReadOnlySpan<char> domain, out Site site)
    {
        if (TryGet(domain, out var known))
        {
            site = known;
            return Accepts(known) ? RejectReason.None : RejectReason.UnknownSite;
        }
        site = Default;
        if (NormalizeDomain(domain.ToString()) is not { } normalized) return RejectReason.InvalidSite;
        lock (_addLock)
        {
            if (_sites.TryGetValue(normalized, out known))
            {
                site = known;
                return Accepts(known) ? RejectReason.None : RejectReason.UnknownSite;
            }
            if (AreConfigured) return RejectReason.UnknownSite;
            if (_sites.Count > MaxSites) return RejectReason.TooManySites;
            if (!TryCountNew()) return RejectReason.TooManyNewSites;
            site = Add(normalized, TimeZoneInfo.Utc, "EUR");
            return RejectReason.None;
        }
    }

    /// <summary>The site of a stored domain, whatever the settings say now: what was counted stays counted.</summary>
    public Site GetOrAddStored(string domain)
    {
        lock (_addLock) return _sites.TryGetValue(domain, out var known) ? known : Add(domain, TimeZoneInfo.Utc, "EUR");
    }

    /// <summary>Counts a new site. The limit keeps one client from using up all sites; configured sites are exempt.</summary>
    private bool TryCountNew()
    {
        if (_time.GetElapsedTime(_dayStarted) >= TimeSpan.FromDays(1)) (_dayStarted, _newToday) = (_time.GetTimestamp(), 0);
        return ++_newToday <= _newPerDay;
    }

    /// <summary>Lower case, as the Domain Name System writes it (RFC 1035, RFC 5890); null if it is not a domain.</summary>
    public static string? NormalizeDomain(string domain)
    {
        if (domain.Length is 0 or > 253) return null;
        // Before encoding: afterwards a letter such as Ü is no longer a letter.
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
        _sites.GetOrAdd(domain, static (name, arguments) =>
            new Site(arguments.Item1, name, arguments.zone, arguments.currency), (_sites.Count, zone, currency));
}
