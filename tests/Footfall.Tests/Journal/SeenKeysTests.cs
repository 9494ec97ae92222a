using CsCheck;
using Footfall.Journal;

namespace Footfall.Tests.Journal;

public sealed class SeenKeysTests
{
    [Fact]
    public void It_knows_what_a_dictionary_knows_whatever_is_added_and_taken_back() =>
        Gen.Select(Gen.ULong[1, 3_000], Gen.ULong[0, 5]).Array[1, 60].Array[1, 60].Select(Gen.Bool.Array[60]).Sample((rounds, kept) =>
        {
            var keys = new SeenKeys();
            var expected = new Dictionary<ulong, ulong>();
            for (var round = 0; round < rounds.Length; round++)
            {
                var before = new Dictionary<ulong, ulong>(expected);
                foreach (var (small, value) in rounds[round])
                {
                    // A few high bits only, so that keys collide in the table.
                    var key = small << 52 | small;
                    if (keys.TryGet(key, out _)) continue;
                    keys.Add(key, value, round);
                    expected.Add(key, value);
                }
                if (kept[round]) keys.Commit();
                else
                {
                    keys.Rollback();
                    expected = before;
                }
            }
            Assert.Equal(expected.Count, keys.Count);
            for (ulong small = 1; small <= 3_000; small++)
            {
                var found = keys.TryGet(small << 52 | small, out var value);
                Assert.Equal(expected.TryGetValue(small << 52 | small, out var wanted), found);
                if (found) Assert.Equal(wanted, value);
            }
        }, iter: 200);

    [Fact]
    public void A_million_keys_are_all_found_and_dropped_when_they_are_too_old()
    {
        var keys = new SeenKeys();
        for (ulong i = 1; i <= 1_000_000; i++) keys.Add(i * 0x9E3779B97F4A7C15, 0, now: 0);
        for (ulong i = 1; i <= 1_000_000; i++) Assert.True(keys.TryGet(i * 0x9E3779B97F4A7C15, out _));
        Assert.False(keys.TryGet(3, out _));
        keys.Commit();
        keys.RemoveExpired(SeenKeys.Retention);
        Assert.Equal(1_000_000, keys.Count);
        keys.RemoveExpired(SeenKeys.Retention + 1);
        Assert.Equal(0, keys.Count);
    }
}
