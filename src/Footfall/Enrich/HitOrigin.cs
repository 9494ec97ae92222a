using System.Net;
using Footfall.Common;
using Footfall.Enrich.Agents;
using Footfall.Journal;
using Microsoft.Extensions.Options;

namespace Footfall.Enrich;

/// <summary>A client, and what is known of it: looked up once for all its hits of a request, and gone with the request.</summary>
/// <param name="isSender">Whether it sent the request itself: then a library of HTTP is a shop's backend and no bot.</param>
internal sealed class HitOrigin(
    IPAddress address, string userAgent, string acceptLanguage, bool isSender,
    VisitorHasher visitors, CountryLookup countries, BotDetector bots, UserAgentParser agents)
{
    private Country? _country;
    private Site? _site;
    private int _day;
    private ulong _visitor;
    private EncodedFields? _agent, _language;

    public bool IsBot { get; } = bots.IsBot(userAgent) && !(isSender && HttpLibraryAgents.IsMatch(userAgent));

    /// <summary>Browser, operating system and device; nothing for a bot, which names the browser that it pretends to be.</summary>
    public EncodedFields Agent => IsBot ? EncodedFields.None : _agent ??= agents.Parse(userAgent);

    public EncodedFields Language => _language ??= AcceptLanguageParser.Parse(acceptLanguage);

    /// <summary>The country of the address.</summary>
    public Country Country => _country ??= countries.Find(address).Country;

    /// <summary>The visitor's hash on the site's day; the last one is kept, since a batch is mostly of one site and day.</summary>
    /// <exception cref="SaltsUnavailableException">The day's salt could not be made durable.</exception>
    public ulong GetVisitor(Site site, long time)
    {
        var day = site.DayOf(time);
        if (_site == site && _day == day) return _visitor;
        (_site, _day) = (site, day);
        return _visitor = visitors.ComputeHash(site, time, address, userAgent);
    }
}

/// <summary>Makes the origins of hits.</summary>
internal sealed class HitOriginFactory(
    ClientAddressResolver addresses, VisitorHasher visitors, CountryLookup countries, BotDetector bots, UserAgentParser agents,
    IOptions<FootfallOptions> options)
{
    /// <summary>Whether a caller may claim the country of a hit.</summary>
    public bool AcceptCountry { get; } = options.Value.AcceptCountry;

    /// <summary>The sender of a request.</summary>
    public HitOrigin Create(HttpContext http) => new(
        addresses.Resolve(http).Address, http.Request.Headers.UserAgent.ToString(), http.Request.Headers.AcceptLanguage.ToString(),
        isSender: true, visitors, countries, bots, agents);

    /// <summary>A client that a hit names: a line of a log, a webhook, a server that speaks for its visitors.</summary>
    public HitOrigin Create(IPAddress address, string userAgent, string acceptLanguage = "") =>
        new(address, userAgent, acceptLanguage, isSender: false, visitors, countries, bots, agents);
}
