using Footfall.Common;
using Footfall.Tests.Keys;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests.Common;

public sealed class KeyHasherTests
{
    private static readonly SiteRegistry Sites = new(Options.Create(new FootfallOptions()), TimeProvider.System);

    private readonly Site _site = Sites.GetOrAddStored("shop.example");

    [Fact]
    public void The_kinds_of_keys_never_meet()
    {
        for (var i = 0; i < 1_000; i++)
        {
            var text = $"key-{i}";
            var id = System.Text.Encoding.UTF8.GetBytes(text);
            var any = TestKeyHashers.Any;
            ulong[] hashes =
                [any.HashHeader(_site, text), any.HashEventId(_site, id), any.HashTransaction(_site, id), any.HashByIndex(_site, text, i)];
            Assert.Equal([1UL, 2, 3, 0], hashes.Select(hash => hash & 3));
        }
    }

    [Fact]
    public void Each_secret_site_kind_and_key_has_a_hash_of_its_own()
    {
        // Sites and keys that are the same bytes one behind the other.
        var hashes =
            from hasher in (KeyHasher[])[TestKeyHashers.WithSecret(1), TestKeyHashers.WithSecret(2)]
            from pair in (string[])["a.example 1", "a.example1 ", "a.exampl e1", "a.example \01", "a.example\0 1", "b.example 1"]
            let site = Sites.GetOrAddStored(pair.Split(' ')[0])
            let key = System.Text.Encoding.UTF8.GetBytes(pair.Split(' ')[1] + "x")
            let order = hasher.HashOrder(site, key)
            from hash in (ulong[])[hasher.HashEventId(site, key), hasher.HashTransaction(site, key), order.Hash, order.Converted]
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
        unkeyed.Add(UnkeyedHash.HashEventId("shop.example", "a"), TimeSpan.FromHours(1));
        unkeyed.Add(UnkeyedHash.HashEventId("shop.example", "b"), TimeSpan.FromHours(2));
        Assert.Equal(UnkeyedHash.HashEventId("shop.example", "a"), hasher.HashEventId(_site, "a"u8));
        // The old hash of this kind of key, not of another one.
        Assert.NotEqual(UnkeyedHash.HashEventId("shop.example", "a"), hasher.HashTransaction(_site, "a"u8));
        Assert.Equal(TestKeyHashers.WithSecret(0).HashEventId(_site, "c"u8), hasher.HashEventId(_site, "c"u8));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(TestKeyHashers.WithSecret(0).HashEventId(_site, "a"u8), hasher.HashEventId(_site, "a"u8));
        Assert.Equal(UnkeyedHash.HashEventId("shop.example", "b"), hasher.HashEventId(_site, "b"u8));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(TestKeyHashers.WithSecret(0).HashEventId(_site, "b"u8), hasher.HashEventId(_site, "b"u8));
    }
}
