using Footfall.Common;
using Footfall.Enrich.Agents;
using Footfall.Journal;
using Microsoft.Extensions.Options;

namespace Footfall.Enrich;

/// <summary>The sender's data for all hits of one request: looked up once, and discarded with the request.</summary>
internal sealed class HitOrigin(
    ClientAddress client, string userAgent, string acceptLanguage, VisitorHasher visitors, CountryLookup countries, BotDetector bots,
    UserAgentParser agents, bool acceptCountry)
{
    private Country? _country;
    private Site? _site;
    private int _day;
    private ulong _visitor;
    private EncodedFields? _agent, _language;

    /// <summary>Whether the sender is a known bot. A shop's backend is not.</summary>
    public bool IsBot { get; } = bots.IsBot(userAgent) && !HttpLibraryAgents.IsMatch(userAgent);

    /// <summary>Browser, operating system and device; empty for a bot, which claims to be another browser.</summary>
    public EncodedFields Agent => IsBot ? EncodedFields.None : _agent ??= agents.Parse(userAgent);

    public EncodedFields Language => _language ??= AcceptLanguageParser.Parse(acceptLanguage);

    /// <param name="claimed">The country in the hit; null for none.</param>
    public Country GetCountry(Country? claimed) =>
        acceptCountry && claimed is { } country ? country : _country ??= countries.Find(client.Address).Country;

    /// <summary>The visitor's hash on the site's day; the last one is kept, since a batch is mostly of one site and day.</summary>
    /// <exception cref="SaltsUnavailableException">The day's salt could not be made durable.</exception>
    public ulong GetVisitor(Site site, long time)
    {
        var day = site.DayOf(time);
        if (_site == site && _day == day) return _visitor;
        (_site, _day) = (site, day);
        return _visitor = visitors.ComputeHash(site, time, client.Address, userAgent);
    }
}

/// <summary>Creates the origin of each request.</summary>
internal sealed class HitOriginFactory(
    ClientAddressResolver addresses, VisitorHasher visitors, CountryLookup countries, BotDetector bots, UserAgentParser agents,
    IOptions<FootfallOptions> options)
{
    private readonly bool _acceptCountry = options.Value.AcceptCountry;

    /// <summary>Whether to trust the country in the request of a bare visit.</summary>
    public bool AcceptCountry => _acceptCountry;

    public HitOrigin Create(HttpContext http) => new(
        addresses.Resolve(http), http.Request.Headers.UserAgent.ToString(), http.Request.Headers.AcceptLanguage.ToString(), visitors,
        countries, bots, agents, _acceptCountry);

    /// <summary>The country of the client's address.</summary>
    public Country GetCountry(HttpContext http) => countries.Find(addresses.Resolve(http).Address).Country;
}
