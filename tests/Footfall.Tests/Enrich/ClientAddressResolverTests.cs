using CsCheck;
using Footfall.Common;
using Footfall.Enrich;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Footfall.Tests.Enrich;

public sealed class ClientAddressResolverTests
{
    private const string Proxies = "10.0.0.0/8, 192.0.2.7,2001:db8:5::/48";

    [Theory]
    // The peer, the header (lines separated by |), the client.
    [InlineData("10.0.0.5", "198.51.100.1", "198.51.100.1")]
    [InlineData("10.0.0.5", "1.2.3.4, 198.51.100.1", "198.51.100.1")]
    [InlineData("10.0.0.5", "198.51.100.1, 10.1.1.1, 192.0.2.7", "198.51.100.1")]
    [InlineData("10.0.0.5", "1.2.3.4|198.51.100.1, 10.1.1.1", "198.51.100.1")]
    [InlineData("10.0.0.5", "198.51.100.1|10.1.1.1", "198.51.100.1")]
    [InlineData("192.0.2.7", "198.51.100.1", "198.51.100.1")]
    [InlineData("2001:db8:5::1", "2001:db8:6::1", "2001:db8:6::1")]
    [InlineData("::ffff:10.0.0.5", "198.51.100.1", "198.51.100.1")]
    [InlineData("10.0.0.5", "::ffff:198.51.100.1", "198.51.100.1")]
    [InlineData("10.0.0.5", "198.51.100.1, ::ffff:10.1.1.1", "198.51.100.1")]
    [InlineData("10.0.0.5", "198.51.100.1:50123", "198.51.100.1")]
    [InlineData("10.0.0.5", "[2001:db8:6::1]:50123", "2001:db8:6::1")]
    [InlineData("10.0.0.5", "[2001:db8:6::1]", "2001:db8:6::1")]
    [InlineData("10.0.0.5", " \"[2001:db8:6::1]:50123\" ", "2001:db8:6::1")]
    [InlineData("10.0.0.5", "\t\"198.51.100.1\"\t", "198.51.100.1")]
    [InlineData("10.0.0.5", "198.51.100.1:1,10.1.1.1:2", "198.51.100.1")]
    // All trusted: the left-most.
    [InlineData("10.0.0.5", "10.2.2.2, 10.1.1.1", "10.2.2.2")]
    // Sent by an untrusted peer: ignored.
    [InlineData("198.51.100.9", "1.2.3.4", "198.51.100.9")]
    [InlineData("192.0.2.8", "1.2.3.4", "192.0.2.8")]
    [InlineData("11.0.0.0", "1.2.3.4", "11.0.0.0")]
    [InlineData("::ffff:198.51.100.9", "1.2.3.4", "198.51.100.9")]
    [InlineData("2001:db8:6::1", "1.2.3.4", "2001:db8:6::1")]
    // An entry that is not an address ends the walk, whatever is left of it.
    [InlineData("10.0.0.5", "1.2.3.4, unknown", "10.0.0.5")]
    [InlineData("10.0.0.5", "1.2.3.4, unknown, 10.1.1.1", "10.1.1.1")]
    [InlineData("10.0.0.5", "1.2.3.4, , 10.1.1.1", "10.1.1.1")]
    [InlineData("10.0.0.5", "1.2.3.4,", "10.0.0.5")]
    [InlineData("10.0.0.5", "1.2.3.4| ", "10.0.0.5")]
    [InlineData("10.0.0.5", "1.2.3.4|10.1.1.1, 999.1.1.1", "10.0.0.5")]
    // What other programs read in another way is no address.
    [InlineData("10.0.0.5", "1", "10.0.0.5")]
    [InlineData("10.0.0.5", "0x7f.0.0.1", "10.0.0.5")]
    [InlineData("10.0.0.5", "010.0.0.1", "10.0.0.5")]
    [InlineData("10.0.0.5", "1.2.3", "10.0.0.5")]
    [InlineData("10.0.0.5", "1.2.3.4.5", "10.0.0.5")]
    [InlineData("10.0.0.5", "1.2.3.4:", "10.0.0.5")]
    [InlineData("10.0.0.5", "1.2.3.4:65536", "10.0.0.5")]
    [InlineData("10.0.0.5", "1.2.3.4:-1", "10.0.0.5")]
    [InlineData("10.0.0.5", "[1.2.3.4]:80", "10.0.0.5")]
    [InlineData("10.0.0.5", "[2001:db8:6::1", "10.0.0.5")]
    [InlineData("10.0.0.5", "[2001:db8:6::1]80", "10.0.0.5")]
    [InlineData("10.0.0.5", "fe80::1%eth0", "10.0.0.5")]
    [InlineData("10.0.0.5", "2001:db8:6::1/64", "10.0.0.5")]
    [InlineData("10.0.0.5", "１.2.3.4", "10.0.0.5")]
    [InlineData("10.0.0.5", "1.2.3.4 5.6.7.8", "10.0.0.5")]
    [InlineData("10.0.0.5", "for=1.2.3.4", "10.0.0.5")]
    public void The_client_is_the_right_most_untrusted_address(string connection, string header, string client)
    {
        var found = Clients(Proxies).Resolve(Request(connection, header.Split('|')));

        Assert.Equal(client, found.Address.ToString());
        Assert.Equal(IPAddress.Parse(connection) is var c && client != (c.IsIPv4MappedToIPv6 ? c.MapToIPv4() : c).ToString(),
            found.Forwarded);
    }

    [Theory]
    [InlineData("198.51.100.9", "198.51.100.9")]
    [InlineData("::ffff:198.51.100.9", "198.51.100.9")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    public void Without_trusted_proxies_the_header_is_ignored(string connection, string client)
    {
        Assert.Equal(new ClientAddress(IPAddress.Parse(client), false), Clients("").Resolve(Request(connection, "1.2.3.4")));
        Assert.Equal(new ClientAddress(IPAddress.Parse(client), false), Clients(Proxies).Resolve(Request(connection)));
    }

    [Fact]
    public void A_network_of_IPv6_trusts_no_IPv4()
    {
        var clients = Clients("::/0");
        Assert.Equal("10.0.0.5", clients.Resolve(Request("::ffff:10.0.0.5", "1.2.3.4")).Address.ToString());
        Assert.Equal("1.2.3.4", clients.Resolve(Request("2001:db8::1", "1.2.3.4")).Address.ToString());
        Assert.Equal("1.2.3.4", Clients("::ffff:10.0.0.0/104").Resolve(Request("10.0.0.5", "1.2.3.4")).Address.ToString());
    }

    [Fact]
    public void A_connection_without_an_address_has_none()
    {
        var http = new DefaultHttpContext();
        http.Request.Headers[ClientAddressResolver.HeaderName] = "1.2.3.4";
        Assert.Equal(new ClientAddress(IPAddress.None, false), Clients("0.0.0.0/0").Resolve(http));
    }

    [Fact]
    public void What_a_client_writes_never_changes_who_it_is()
    {
        var clients = Clients(Proxies);
        Gen.Select(Gen.String, Gen.OneOf(Gen.String[Gen.Char["0123456789abcdef.:,[]\" "], 0, 60], Gen.String), Gen.Bool)
            .Sample((line, spoof, newLine) =>
        {
            string[] lines = newLine ? [line, $"{spoof},198.51.100.1, 10.1.1.1"] : [$"{spoof},198.51.100.1, 10.1.1.1"];
            Assert.Equal("198.51.100.1", clients.Resolve(Request("10.0.0.5", lines)).Address.ToString());
            Assert.Equal("198.51.100.9", clients.Resolve(Request("198.51.100.9", spoof)).Address.ToString());
        });
    }

    [Fact]
    public void Any_header_gives_an_address_that_it_names_or_the_connection()
    {
        var clients = Clients(Proxies);
        var entry = Gen.OneOf(Gen.OneOf("10.1.1.1", "10.1.1.1:8", "[2001:db8:5::2]:1", "1.2.3.4", "\"", "[", ":", "::", ""), Gen.String,
            Gen.String[Gen.Char["0123456789abcdef.:[]\"%/ "], 0, 50]);
        entry.Array[0, 8].Sample(entries =>
        {
            var found = clients.Resolve(Request("10.0.0.5", string.Join(',', entries))).Address;
            Assert.True(found.ToString() == "10.0.0.5" || entries.SelectMany(text => text.Split(','))
                .Any(text => ForwardedForParser.TryParse(text, out var read) && read.Equals(found)));
        });
    }

    [Fact]
    public void Each_address_is_read_back_as_it_is_written()
    {
        Gen.Byte.Array[16].Sample(bytes =>
        {
            var address = new IPAddress(bytes);
            if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
            Assert.True(ForwardedForParser.TryParse(address.ToString(), out var read) && read.Equals(address));
            Assert.True(ForwardedForParser.TryParse($"[{new IPAddress(bytes)}]:443", out read) && read.Equals(address));
            Assert.Equal(address, AddressBits.ToAddress(AddressBits.FromAddress(address)));
            var four = new IPAddress(bytes.AsSpan(0, 4));
            Assert.True(ForwardedForParser.TryParse($"{four}:443", out read) && read.Equals(four));
            Assert.Equal(AddressBits.FromAddress(four.MapToIPv6()), AddressBits.FromAddress(four));
        });
    }

    [Fact]
    public void Nothing_is_allocated_but_the_address_itself()
    {
        var clients = Clients(Proxies);
        var forwarded = Request("10.0.0.5", "198.51.100.1");
        var plain = Request("198.51.100.1");
        Assert.True(Allocated(() => clients.Resolve(plain)) < 1);
        Assert.InRange(Allocated(() => clients.Resolve(forwarded)), 1, 48);
    }

    private static double Allocated(Action act)
    {
        const int times = 1_000;
        act();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < times; i++) act();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)times;
    }

    private static ClientAddressResolver Clients(string trusted) => new(Options.Create(new FootfallOptions { TrustedProxies = trusted }));

    private static DefaultHttpContext Request(string connection, params string[] lines)
    {
        var http = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(connection) } };
        if (lines.Length > 0) http.Request.Headers[ClientAddressResolver.HeaderName] = lines;
        return http;
    }
}
