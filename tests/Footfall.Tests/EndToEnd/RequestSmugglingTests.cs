using System.Text.RegularExpressions;
using Footfall.Tests.Ingest;

namespace Footfall.Tests.EndToEnd;

/// <summary>
/// Requests that one reader takes for one and another for two, as a proxy and a server might: what is hidden in one must not be counted,
/// or an attacker could prefix another client's request.
/// </summary>
public sealed partial class RequestSmugglingTests
{
    private const string Hidden = "POST /api/v1/stats?countryCode=fr HTTP/1.1\r\nHost: x\r\n\r\n";

    [Theory]
    [InlineData("two lengths", "Content-Length: 0\r\nContent-Length: 57\r\n\r\n" + Hidden)]
    [InlineData("two lengths in one", "Content-Length: 0, 57\r\n\r\n" + Hidden)]
    [InlineData("a negative length", "Content-Length: -1\r\n\r\n" + Hidden)]
    [InlineData("a huge length", "Content-Length: 99999999999999999999\r\n\r\n" + Hidden)]
    [InlineData("a length in hexadecimal", "Content-Length: 0x0\r\n\r\n" + Hidden)]
    [InlineData("a folded header", "X-Folded: a\r\n Content-Length: 57\r\n\r\n" + Hidden)]
    [InlineData("a space before the colon", "Content-Length : 57\r\n\r\n" + Hidden)]
    [InlineData("NUL in a header", "X-Nul: a\0b\r\n\r\n" + Hidden)]
    [InlineData("a bare carriage return", "X-Return: a\rContent-Length: 57\r\n\r\n" + Hidden)]
    [InlineData("no name", ": a\r\n\r\n" + Hidden)]
    [InlineData("an unknown coding", "Transfer-Encoding: xchunked\r\n\r\n" + Hidden)]
    [InlineData("chunked, then another", "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + Hidden)]
    [InlineData("a chunk size that is none", "Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n" + Hidden)]
    [InlineData("a chunk size beyond all numbers", "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n\r\n" + Hidden)]
    [InlineData("a negative chunk", "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n" + Hidden)]
    [InlineData("a chunk extension with a bare line feed", "Transfer-Encoding: chunked\r\n\r\n1;a\nb\r\nx\r\n0\r\n\r\n" + Hidden)]
    public async Task A_request_that_can_be_read_in_two_ways_is_refused_and_nothing_after_it_is_read(string what, string rest)
    {
        await using var app = FootfallApp.Start();
        var response = await RawSocketClient.ExchangeAsync(app.Address, "POST /api/v1/stats?countryCode=us HTTP/1.1\r\nHost: x\r\n" + rest);
        var statuses = Statuses(response);
        Assert.True(statuses is ["400"], $"{what}: {response}");
        Assert.Empty(await app.StatsAsync());
    }

    [Fact]
    public async Task With_both_lengths_the_chunks_count_and_the_connection_ends()
    {
        await using var app = FootfallApp.Start();
        var request = $"POST /api/v1/stats?countryCode=us HTTP/1.1\r\nHost: x\r\nContent-Length: " +
            $"{5 + Hidden.Length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{Hidden}";
        var response = await RawSocketClient.ExchangeAsync(app.Address, request);
        // RFC 9112, 6.3: the chunks win, and the server closes after the response.
        Assert.True(Statuses(response) is ["201"] or ["400"], response);
        Assert.Equal(0, app.GetVisits("FR"));
    }

    [Fact]
    public async Task Bytes_beyond_the_length_are_the_next_request()
    {
        await using var app = FootfallApp.Start();
        var request = $"POST /api/v1/stats?countryCode=us HTTP/1.1\r\nHost: x\r\nContent-Length: {Hidden.Length}\r\n\r\n{Hidden}{Hidden}";
        Assert.Equal(["201", "201", "200"], Statuses(await RawSocketClient.ExchangeAsync(app.Address, request)));
        Assert.Equal((1, 1), (app.GetVisits("US"), app.GetVisits("FR")));
    }

    [Fact]
    public async Task Requests_one_after_the_other_without_waiting_are_all_counted()
    {
        await using var app = FootfallApp.Start();
        var response = await RawSocketClient.ExchangeAsync(app.Address, string.Concat(Enumerable.Repeat(Hidden, 300)));
        Assert.Equal(300, Statuses(response).Count(status => status == "201"));
        Assert.Equal(300, app.GetVisits("FR"));
        for (var i = 1; i <= 300; i++) Assert.Contains($$"""{"fr":{{i}}}""", response);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n\r\n")]
    [InlineData("POST")]
    [InlineData("POST /api/v1/stats?countryCode=us HTTP/1.1\r\n")]
    [InlineData("POST /api/v1/stats?countryCode=us HTTP/1.1\r\nHost: x\r\n")]
    [InlineData("POST /api/v1/stats?countryCode=us HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc")]
    [InlineData("POST /api/v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nContent-Length: " +
        "100\r\n\r\n{\"name\":\"visit\"}\n")]
    [InlineData("POST /api/v1/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n11\r\n{\"name\":\"visit\"}\n\r\n")]
    public async Task Half_a_request_counts_nothing(string half)
    {
        await using var app = FootfallApp.Start();
        using var client = await RawSocketClient.ConnectAsync(app.Address);
        await client.SendAsync(half);
        client.EndSending();
        var response = await client.ReadToEndAsync();
        Assert.DoesNotContain(Statuses(response), status => status[0] is '2' or '5');
        Assert.Empty(await app.StatsAsync());
    }

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("8.8.8.8, 8.8.4.4")]
    [InlineData("\"><script>")]
    [InlineData(",,,,")]
    [InlineData("[::ffff:8.8.8.8]:80")]
    public async Task A_stranger_can_not_choose_the_address_that_is_counted(string forwarded)
    {
        await using var app = FootfallApp.Start(("AcceptCountry", "false"));
        var response = await app.PostAsync("/api/v1/stats?countryCode=us", null, ("X-Forwarded-For", forwarded));
        Assert.Equal(new ApiResponse(HttpStatusCode.Created, """{"zz":1}"""), response);
    }

    private static string[] Statuses(string response) => [.. StatusLine().Matches(response).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("HTTP/1\\.1 (\\d{3}) ")]
    private static partial Regex StatusLine();
}
