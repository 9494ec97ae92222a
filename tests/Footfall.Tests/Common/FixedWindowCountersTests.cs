using CsCheck;
using Footfall.Common;

namespace Footfall.Tests.Common;

public sealed class FixedWindowCountersTests
{
    [Fact]
    public void A_client_is_counted_from_its_first_request_for_60_seconds()
    {
        var table = new FixedWindowCounters(16);
        Assert.Equal(new WindowUsage(1, 60_000), table.Increment(7, 1_000));
        Assert.Equal(new WindowUsage(2, 20_000), table.Increment(7, 41_000));
        Assert.Equal(new WindowUsage(3, 1), table.Increment(7, 60_999));
        Assert.Equal(new WindowUsage(1, 60_000), table.Increment(7, 61_000));
    }

    [Fact]
    public void Each_client_is_counted_exactly_as_in_a_dictionary()
    {
        Gen.Select(Gen.ULong[0, 40], Gen.Long[0, 9_000]).Array[0, 200].Sample(steps =>
        {
            var table = new FixedWindowCounters(1 << 10);
            var model = new Dictionary<ulong, (long Start, int Count)>();
            var now = 0L;
            foreach (var (client, pause) in steps)
            {
                now += pause;
                if (!model.TryGetValue(client, out var entry) || now - entry.Start >= FixedWindowCounters.WindowMilliseconds)
                    entry = (now, 0);
                model[client] = entry = (entry.Start, entry.Count + 1);
                if (table.Increment(client, now)
                    != new WindowUsage(entry.Count, FixedWindowCounters.WindowMilliseconds - (int)(now - entry.Start))) return false;
            }
            return true;
        });
    }

    [Fact]
    public void Two_million_clients_in_a_small_table_are_each_new_and_none_is_refused()
    {
        var table = new FixedWindowCounters(1 << 10);
        for (var client = 0UL; client < 2_000_000; client++)
            if (table.Increment(client, 5).Count != 1) Assert.Fail($"Client {client} was counted for another one.");
        Assert.True(table.Evictions > 1_900_000);
    }

    [Fact]
    public void The_oldest_window_makes_room()
    {
        var table = new FixedWindowCounters(sets: 1);
        for (var client = 0UL; client < 8; client++) table.Increment(client, (long)client);
        table.Increment(100, 10);

        Assert.Equal(1, table.Evictions);
        Assert.Equal([2, 2, 2, 2, 2, 2, 2], Enumerable.Range(1, 7).Select(client => table.Increment((ulong)client, 11).Count));
        Assert.Equal(1, table.Increment(0, 12).Count);
    }

    [Fact]
    public void An_ended_window_makes_room_without_being_an_eviction()
    {
        var table = new FixedWindowCounters(sets: 1);
        for (var client = 0UL; client < 8; client++) table.Increment(client, 0);
        table.Increment(100, 60_000);
        Assert.Equal(0, table.Evictions);
    }

    [Fact]
    public async Task Requests_at_the_same_time_are_all_counted()
    {
        var table = new FixedWindowCounters(16);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++) table.Increment((ulong)(i & 7), 1);
        }, TestContext.Current.CancellationToken)));
        Assert.Equal(5_001, table.Increment(0, 1).Count);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("0.0.0.1", "::1", false)]
    public void A_client_is_an_IPv4_address_or_an_IPv6_network_of_64_bits(string first, string second, bool same) =>
        Assert.Equal(same,
            FixedWindowCounters.ToClientKey(IPAddress.Parse(first)) == FixedWindowCounters.ToClientKey(IPAddress.Parse(second)));

    [Fact]
    public void Counting_allocates_nothing()
    {
        var table = new FixedWindowCounters(16);
        IPAddress[] addresses = [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1"), IPAddress.Parse("::ffff:192.0.2.9")];
        foreach (var address in addresses) table.Increment(FixedWindowCounters.ToClientKey(address), 1);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            foreach (var address in addresses) table.Increment(FixedWindowCounters.ToClientKey(address), i);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
