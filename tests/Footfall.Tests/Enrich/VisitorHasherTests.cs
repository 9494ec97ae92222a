using Footfall.Common;
using Footfall.Enrich;
using Footfall.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests.Enrich;

public sealed class VisitorHasherTests
{
    private const string Agent = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0";

    private static readonly IPAddress Address = IPAddress.Parse("198.51.100.1");

    /// <summary>In Auckland (UTC+13 in January) the local day is already the 11th.</summary>
    private static readonly DateTimeOffset Start = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_visitor_is_the_same_within_a_local_day_and_another_after_midnight()
    {
        await using var app = Server(new FakeTimeProvider(Start));
        var before = Hash(app, Start);
        Assert.Equal(before, Hash(app, Start.AddMinutes(-59)));
        Assert.Equal(before, Hash(app, Start.AddHours(22.9)));
        Assert.NotEqual(before, Hash(app, Start.AddMinutes(-61)));
        Assert.NotEqual(before, Hash(app, Start.AddHours(23)));
    }

    [Fact]
    public async Task Another_address_User_Agent_or_site_is_another_visitor()
    {
        await using var app = Server(new FakeTimeProvider(Start));
        ulong[] all =
        [
            Hash(app, Start), Hash(app, Start, address: IPAddress.Parse("198.51.100.2")), Hash(app, Start, agent: Agent + " "),
            Hash(app, Start, agent: ""),
            Hash(app, Start, site: "other.example"), Hash(app, Start, address: IPAddress.Parse("2001:db8::1")),
            Hash(app, Start, agent: new string('é', 3_000)),
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.DoesNotContain(0UL, all);
        Assert.Equal(all[0], Hash(app, Start, address: Address.MapToIPv6()));
    }

    [Fact]
    public async Task A_visitor_survives_a_restart()
    {
        var data = Directory.CreateTempSubdirectory("footfall-test-").FullName;
        ulong before;
        await using (var app = Server(new FakeTimeProvider(Start), data)) before = Hash(app, Start);
        await using (var app = Server(new FakeTimeProvider(Start.AddHours(47)), data)) Assert.Equal(before, Hash(app, Start));
        await using (var app = Server(new FakeTimeProvider(Start.AddHours(48)), data)) Assert.NotEqual(before, Hash(app, Start));
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task A_hash_is_the_first_bytes_of_the_HMAC_of_address_site_and_User_Agent()
    {
        await using var app = Server(new FakeTimeProvider(Start));
        Assert.Equal(RejectReason.None, app.Services.GetRequiredService<SiteRegistry>().GetOrAdd("shop.example", out var site));
        var salt = app.Services.GetRequiredService<ISaltStore>().GetOrCreate(site, site.DayOf(Start.ToUnixTimeMilliseconds()));
        byte[] message = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 198, 51, 100, 1, .. "shop.example\0"u8,
            .. System.Text.Encoding.UTF8.GetBytes(Agent)];
        var mac = System.Security.Cryptography.HMACSHA256.HashData(salt, message);
        Assert.Equal(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(mac), Hash(app, Start));
    }

    [Fact]
    public async Task A_hash_allocates_nothing()
    {
        await using var app = Server(new FakeTimeProvider(Start));
        app.Services.GetRequiredService<SiteRegistry>().GetOrAdd("shop.example", out var site);
        var visitors = app.Services.GetRequiredService<VisitorHasher>();
        var time = Start.ToUnixTimeMilliseconds();
        visitors.ComputeHash(site, time, Address, Agent);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) visitors.ComputeHash(site, time, Address, Agent);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
    }

    private static FootfallApp Server(TimeProvider time, string? data = null) => FootfallApp.Start(
        time, data, ("Sites:0:Domain", "shop.example"), ("Sites:0:TimeZone", "Pacific/Auckland"), ("Sites:1:Domain", "other.example"),
        ("Sites:1:TimeZone", "Pacific/Auckland"));

    private static ulong Hash(FootfallApp app, DateTimeOffset at, IPAddress? address = null, string agent = Agent,
        string site = "shop.example")
    {
        Assert.Equal(RejectReason.None, app.Services.GetRequiredService<SiteRegistry>().GetOrAdd(site, out var found));
        return app.Services.GetRequiredService<VisitorHasher>().ComputeHash(found, at.ToUnixTimeMilliseconds(), address ?? Address, agent);
    }
}
