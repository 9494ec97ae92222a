using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Footfall.Enrich;

/// <summary>The response of <c>GET /api/v1/whereami</c>, for self-hosters who see all visits from one country.</summary>
/// <param name="Address">The client's address, as every other endpoint sees it; null for a connection without one.</param>
/// <param name="Source"><c>connection</c> or <c>x-forwarded-for</c>.</param>
/// <param name="Explanation">Why this address, and what to set if it is the wrong one.</param>
/// <param name="Connection">The address of the connection itself.</param>
/// <param name="ForwardedFor">The lines of <c>X-Forwarded-For</c> as received.</param>
/// <param name="TrustedProxies">The setting <c>Footfall:TrustedProxies</c>.</param>
/// <param name="Country">ISO 3166-1 alpha-2, upper case; <c>ZZ</c> is unknown.</param>
/// <param name="CountryReason">The constant of a <see cref="CountryReason"/>.</param>
/// <param name="CountryExplanation">The same as a sentence.</param>
/// <param name="Database">The country file; null without one.</param>
internal sealed record WhereAmIResponse(
    string? Address, string Source, string Explanation, string? Connection, IReadOnlyList<string> ForwardedFor,
    IReadOnlyList<string> TrustedProxies,
    string Country, string CountryReason, string CountryExplanation, WhereAmIDatabase? Database);

/// <param name="Name">The file, without its path.</param>
/// <param name="Built">The build date, ISO 8601.</param>
internal sealed record WhereAmIDatabase(string Name, string Built);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(WhereAmIResponse))]
internal sealed partial class WhereAmIJson : JsonSerializerContext;

/// <summary><c>GET /api/v1/whereami</c>.</summary>
internal sealed class WhereAmIEndpoint(ClientAddressResolver clients, CountryLookup countries)
{
    /// <summary>Other headers of proxies; Footfall reads none of them.</summary>
    private static readonly string[] OtherHeaders = ["Forwarded", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP"];

    public JsonHttpResult<WhereAmIResponse> Get(HttpContext http)
    {
        var client = clients.Resolve(http, out var origin);
        var connection = http.Connection.RemoteIpAddress is { } remote ? AddressBits.Unwrap(remote).ToString() : null;
        var found = countries.Find(client.Address);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(new WhereAmIResponse(
            connection is null ? null : client.Address.ToString(),
            client.Forwarded ? "x-forwarded-for" : "connection",
            Explain(http, origin, connection),
            connection,
            [.. http.Request.Headers[ClientAddressResolver.HeaderName].Select(line => line ?? "")],
            clients.TrustedProxies,
            found.Country.Code,
            found.Reason.GetCode(),
            found.Reason.GetMessage(),
            countries.IsAvailable ? new(countries.Description, countries.BuildDate.ToString("O", CultureInfo.InvariantCulture)) : null),
                WhereAmIJson.Default.WhereAmIResponse);
    }

    private string Explain(HttpContext http, AddressOrigin origin, string? connection) => origin switch
    {
        _ when connection is null => "The connection has no address, because it is a Unix socket: have the proxy connect over TCP.",
        AddressOrigin.SenderNotTrusted =>
            $"X-Forwarded-For was sent by {connection}, which is not in Footfall:TrustedProxies, so it was ignored. If {connection} is " +
            $"your proxy, add it there.",
        AddressOrigin.RightMostUntrusted =>
            $"X-Forwarded-For was sent by {connection}, which is in Footfall:TrustedProxies; the client is the right-most address in it " +
            $"that is not.",
        AddressOrigin.AllTrusted =>
            $"X-Forwarded-For was sent by {connection}, and all addresses in it are in Footfall:TrustedProxies, so the left-most is the " +
            $"client.",
        AddressOrigin.Malformed =>
            $"X-Forwarded-For was sent by {connection}, which is in Footfall:TrustedProxies, but it has an entry that is not an address: "
                + $"the client is the last address before it, reading from the right.",
        _ => ExplainMissingHeader(http.Request.Headers, connection),
    };

    private string ExplainMissingHeader(IHeaderDictionary headers, string connection)
    {
        var sentence = "No X-Forwarded-For was sent, so the client is the address of the connection.";
        if (OtherHeaders.FirstOrDefault(headers.ContainsKey) is { } other)
            return $"{sentence} The header {other} was sent, but only X-Forwarded-For is read: configure your proxy to send that one.";
        return clients.TrustedProxies.Count > 0
            ? $"{sentence} Footfall:TrustedProxies is set: if {connection} is your proxy, configure it to send X-Forwarded-For."
            : $"{sentence} If {connection} is your proxy, configure it to send X-Forwarded-For, and add it to Footfall:TrustedProxies.";
    }
}
