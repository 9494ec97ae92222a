using Footfall.Words;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests.Words;

public sealed class KeyHasherTests
{
    private static readonly Sites Sites = new(Options.Create(new FootfallOptions()), TimeProvider.System);

    private readonly Site _site = Sites.Restore("shop.example");

    [Fact]
    public void The_kinds_of_keys_never_meet()
    {
        for (var i = 0; i < 1_000; i++)
        {
            var text = $"key-{i}";
            var id = System.Text.Encoding.UTF8.GetBytes(text);
            var any = Hashers.Any;
            ulong[] hashes = [any.OfHeader(_site, text), any.OfEvent(_site, id), any.OfTransaction(_site, id), any.OfIndex(_site, text, i)];
            Assert.Equal([1UL, 2, 3, 0], hashes.Select(hash => hash & 3));
        }
    }

    [Fact]
    public void Each_secret_site_kind_and_key_has_a_hash_of_its_own()
    {
        // Sites and keys that are the same bytes one behind the other.
        var hashes =
            from hasher in (KeyHasher[])[Hashers.Of(1), Hashers.Of(2)]
            from pair in (string[])["a.example 1", "a.example1 ", "a.exampl e1", "a.example \01", "a.example\0 1", "b.example 1"]
            let site = Sites.Restore(pair.Split(' ')[0])
            let key = System.Text.Encoding.UTF8.GetBytes(pair.Split(' ')[1] + "x")
            let order = hasher.OfOrder(site, key)
            from hash in (ulong[])[hasher.OfEvent(site, key), hasher.OfTransaction(site, key), order.Hash, order.Converted]
            select hash;
        var all = hashes.ToList();
        Assert.Equal(all.Count, all.Distinct().Count());
    }

    [Fact]
    public void A_key_of_before_has_its_old_hash_until_its_day_is_over()
    {
        var time = new FakeTimeProvider();
        var unkeyed = new UnkeyedHashes(time);
        var hasher = new KeyHasher(new byte[16], unkeyed);
        unkeyed.Add(OldHash.OfEvent("shop.example", "a"), TimeSpan.FromHours(1));
        unkeyed.Add(OldHash.OfEvent("shop.example", "b"), TimeSpan.FromHours(2));
        Assert.Equal(OldHash.OfEvent("shop.example", "a"), hasher.OfEvent(_site, "a"u8));
        // The old hash of this kind of key, not of another one.
        Assert.NotEqual(OldHash.OfEvent("shop.example", "a"), hasher.OfTransaction(_site, "a"u8));
        Assert.Equal(Hashers.Of(0).OfEvent(_site, "c"u8), hasher.OfEvent(_site, "c"u8));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(Hashers.Of(0).OfEvent(_site, "a"u8), hasher.OfEvent(_site, "a"u8));
        Assert.Equal(OldHash.OfEvent("shop.example", "b"), hasher.OfEvent(_site, "b"u8));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(Hashers.Of(0).OfEvent(_site, "b"u8), hasher.OfEvent(_site, "b"u8));
    }
}
