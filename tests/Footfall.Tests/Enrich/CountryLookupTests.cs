using System.Text.Json;
using CsCheck;
using Footfall.Common;
using Footfall.Enrich;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Footfall.Tests.Enrich;

public sealed class CountryLookupTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("footfall-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("8.8.8.8", "US")]
    [InlineData("193.0.6.139", "NL")]
    [InlineData("202.12.29.175", "AU")]
    [InlineData("2001:67c:2e8:22::c100:68b", "NL")]
    [InlineData("2001:4860:4860::8888", "US")]
    [InlineData("::ffff:8.8.8.8", "US")]
    [InlineData("64:ff9b::808:808", "US")]
    [InlineData("2002:808:808::1", "US")]
    public void The_built_in_file_knows_well_known_addresses(string address, string country)
    {
        using var lookup = BuiltIn();
        Assert.Equal(new CountryResult(Read(country), CountryReason.Found), lookup.Find(IPAddress.Parse(address)));
        Assert.Equal("geo-whois-asn-country.mmdb (built-in)", lookup.Description);
        Assert.InRange(lookup.BuildDate, new DateOnly(2026, 1, 1), new DateOnly(2100, 1, 1));
    }

    [Theory]
    [InlineData(nameof(CountryReason.Private), "10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0",
        "192.168.255.255", "fc00::", "fdff:ffff::1", "::ffff:10.1.2.3", "fec0::1", "2002:a01:203::1", "64:ff9b::a01:203")]
    [InlineData(nameof(CountryReason.Loopback), "127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1")]
    [InlineData(nameof(CountryReason.LinkLocal), "169.254.0.1", "169.254.255.255", "fe80::1", "febf::1")]
    [InlineData(nameof(CountryReason.Shared), "100.64.0.0", "100.127.255.255")]
    [InlineData(nameof(CountryReason.Documentation), "192.0.2.1", "198.51.100.1", "203.0.113.255", "2001:db8::1", "3fff:fff::1")]
    [InlineData(nameof(CountryReason.Multicast), "224.0.0.1", "239.255.255.255", "ff02::1")]
    [InlineData(nameof(CountryReason.Reserved), "0.0.0.0", "0.1.2.3", "192.0.0.1", "192.88.99.1", "198.18.0.1", "198.19.255.255",
        "240.0.0.1", "255.255.255.255", "::", "::8.8.8.8", "100::1", "2001::1", "2001:20::1", "4000::1", "5f00::1", "64:ff9b:1::808:808")]
    public void An_address_for_a_special_purpose_has_no_country(string name, params string[] addresses)
    {
        var reason = Enum.Parse<CountryReason>(name);
        using var lookup = BuiltIn();
        using var everywhere = Lookup(new CountryDatabaseBuilder().Flat("0.0.0.0/1", "AU").Flat("128.0.0.0/1", "AU").Flat("8000::/1", "AU")
            .Flat("4000::/2", "AU").Flat("2000::/3", "AU"));
        foreach (var address in addresses)
        {
            Assert.Equal((address, new CountryResult(Country.Unknown, reason)), (address, lookup.Find(IPAddress.Parse(address))));
            Assert.Equal((address, new CountryResult(Country.Unknown, reason)), (address, everywhere.Find(IPAddress.Parse(address))));
        }
    }

    [Theory]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.167.255.255")]
    [InlineData("192.169.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2001:200::")]
    [InlineData("2001:db7:ffff::1")]
    [InlineData("2001:db9::")]
    [InlineData("3ffe::1")]
    public void The_addresses_around_special_networks_are_looked_up(string address)
    {
        using var everywhere =
            Lookup(new CountryDatabaseBuilder().Flat("0.0.0.0/1", "AU").Flat("128.0.0.0/1", "AU").Flat("2000::/3", "AU"));
        Assert.Equal(new CountryResult(Read("AU"), CountryReason.Found), everywhere.Find(IPAddress.Parse(address)));
    }

    [Fact]
    public void Both_layouts_are_read()
    {
        using var flat = Lookup(new CountryDatabaseBuilder().Flat("8.8.0.0/16", "de").Flat("2a00::/16", "UK").Flat("8.9.0.0/16", "EU"));
        using var nested = Lookup(new CountryDatabaseBuilder().Nested("7.0.0.0/8", null).Nested("8.8.0.0/16", "DE", "FR")
            .Nested("2a00::/16", "GB").Nested("8.9.0.0/16", null, "FR"));
        foreach (var lookup in (CountryLookup[])[flat, nested])
        {
            Assert.Equal(new CountryResult(Read("DE"), CountryReason.Found), lookup.Find(IPAddress.Parse("8.8.255.1")));
            Assert.Equal(new CountryResult(Read("GB"), CountryReason.Found), lookup.Find(IPAddress.Parse("2a00::1")));
            Assert.Equal(new CountryResult(Country.Unknown, CountryReason.NoCountry), lookup.Find(IPAddress.Parse("8.9.1.1")));
            Assert.Equal(new CountryResult(Country.Unknown, CountryReason.NotInDatabase), lookup.Find(IPAddress.Parse("8.10.1.1")));
            Assert.Equal(new CountryResult(Country.Unknown, CountryReason.NotInDatabase), lookup.Find(IPAddress.Parse("2b00::1")));
            Assert.EndsWith(".mmdb (Footfall:CountryDatabase)", lookup.Description, StringComparison.Ordinal);
            Assert.DoesNotContain(_directory, lookup.Description, StringComparison.Ordinal);
            Assert.Equal(new DateOnly(2026, 1, 1), lookup.BuildDate);
        }
    }

    [Fact]
    public void A_file_of_IPv4_knows_no_IPv6()
    {
        using var lookup = Lookup(new CountryDatabaseBuilder(ipVersion: 4).Flat("0.0.0.0/1", "US"));
        Assert.Equal(CountryReason.NotInDatabase, lookup.Find(IPAddress.Parse("2a00::1")).Reason);
        Assert.Equal("US", lookup.Find(IPAddress.Parse("8.8.8.8")).Country.Code);
        Assert.Equal("US", lookup.Find(IPAddress.Parse("::ffff:8.8.8.8")).Country.Code);
    }

    [Fact]
    public void Without_a_file_every_country_is_unknown()
    {
        using var lookup = new CountryLookup(Options.Create(new FootfallOptions()), Missing(), NullLogger<CountryLookup>.Instance);
        Assert.False(lookup.IsAvailable);
        Assert.Equal(new CountryResult(Country.Unknown, CountryReason.NoDatabase), lookup.Find(IPAddress.Parse("8.8.8.8")));
        Assert.Equal(new CountryResult(Country.Unknown, CountryReason.Loopback), lookup.Find(IPAddress.Loopback));
    }

    [Fact]
    public void A_damaged_file_never_breaks_a_request()
    {
        var good = new CountryDatabaseBuilder().Nested("8.0.0.0/8", "DE", "FR").Nested("2a00::/16", "GB").Nested("9.0.0.0/8", "NL")
            .ToBytes();
        var path = Path.Combine(_directory, "damaged.mmdb");
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[1, 6].Sample(changes =>
        {
            var bytes = good.ToArray();
            foreach (var (place, value) in changes) bytes[place] = value;
            File.WriteAllBytes(path, bytes);
            try
            {
                using var lookup = new CountryLookup(Options.Create(new FootfallOptions { CountryDatabase = path }), Missing(),
                    NullLogger<CountryLookup>.Instance);
                foreach (var address in (string[])["8.8.8.8", "9.9.9.9", "2a00::1", "1.1.1.1"])
                {
                    var answer = lookup.Find(IPAddress.Parse(address));
                    Assert.Equal(answer.Reason != CountryReason.Found, answer.Country == Country.Unknown);
                }
            }
            catch (StartupException)
            {
                // Rejected at start.
            }
        }, threads: 1);
    }

    [Fact]
    public void Every_network_of_MaxMinds_test_file_is_answered_as_its_source_says()
    {
        if (SharedTestData.Find("geo/GeoLite2-Country-Test.mmdb") is not { } file) return;
        using var lookup = new CountryLookup(Options.Create(new FootfallOptions { CountryDatabase = file }), Missing(),
            NullLogger<CountryLookup>.Instance);
        using var source = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(file, ".json")));
        var compared = 0;
        foreach (var network in source.RootElement.EnumerateArray().SelectMany(entry => entry.EnumerateObject()))
        {
            var expected = network.Value.TryGetProperty("country", out var country) && country.TryGetProperty("iso_code", out var code)
                ? new CountryResult(Read(code.GetString()!), CountryReason.Found)
                : new CountryResult(Country.Unknown, CountryReason.NoCountry);
            var cidr = Cidr.Parse(network.Name);
            foreach (var address in (UInt128[])[cidr.Prefix, cidr.Prefix | (cidr.Length == 128 ? 0 : UInt128.MaxValue >> cidr.Length)])
                Assert.Equal((network.Name, expected), (network.Name, lookup.Find(AddressBits.ToAddress(address))));
            compared++;
        }
        Assert.Equal(244, compared);
    }

    [Fact]
    public void An_answer_allocates_little()
    {
        using var lookup = BuiltIn();
        var address = IPAddress.Parse("8.8.8.8");
        lookup.Find(address);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) lookup.Find(address);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1_000, 0, 300);
    }

    [Fact]
    public void Every_reason_has_a_code_and_a_sentence()
    {
        var reasons = Enum.GetValues<CountryReason>();
        Assert.Equal(reasons.Length, reasons.Select(reason => reason.GetCode()).Distinct().Count());
        Assert.All(reasons, reason => Assert.EndsWith(".", reason.GetMessage(), StringComparison.Ordinal));
    }

    private static CountryLookup BuiltIn() => new(Options.Create(new FootfallOptions()),
        ReferenceFilesTests.Files(ReferenceFiles.DefaultDirectory), NullLogger<CountryLookup>.Instance);

    private ReferenceFiles Missing() => ReferenceFilesTests.Files(Path.Combine(_directory, "missing"));

    private CountryLookup Lookup(CountryDatabaseBuilder builder) =>
        new(Options.Create(new FootfallOptions { CountryDatabase = builder.Save(_directory) }), Missing(),
            NullLogger<CountryLookup>.Instance);

    private static Country Read(string code)
    {
        Assert.Equal(RejectReason.None, Country.Parse(code, out var country));
        return country;
    }
}
