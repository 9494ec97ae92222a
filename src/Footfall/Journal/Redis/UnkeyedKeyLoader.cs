using System.Buffers.Binary;
using Footfall.Common;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>Reads the unkeyed hashes of keys that nodes of an earlier version have stored.</summary>
internal static class UnkeyedKeyLoader
{
    /// <summary>
    /// How long nodes of an earlier version may store keys after the first node of this version: an upgrade takes minutes.
    /// </summary>
    private static readonly TimeSpan UpgradeWindow = TimeSpan.FromHours(1);

    private const int BatchSize = 1_000;

    /// <param name="since">When the secret was created: Unix time in milliseconds on Redis' clock.</param>
    /// <param name="now">On the same clock.</param>
    /// <exception cref="RedisException">They can't be read.</exception>
    public static void Load(ConnectionMultiplexer connection, RedisKeys names, long since, long now, UnkeyedHashes hashes)
    {
        var maxTimeToLive = TimeSpan.FromMilliseconds(since + SeenKeys.Retention - now) + UpgradeWindow;
        if (maxTimeToLive <= TimeSpan.Zero) return;
        var database = connection.GetDatabase();
        foreach (var server in connection.GetServers().Where(server => server is { IsConnected: true, IsReplica: false }))
            foreach (var keys in server.Keys(database.Database, names.SeenPattern, BatchSize).Chunk(BatchSize))
            {
                var timesToLive = Task.WhenAll(keys.Select(key => database.KeyTimeToLiveAsync(key))).GetAwaiter().GetResult();
                for (var i = 0; i < keys.Length; i++)
                {
                    var name = (ReadOnlySpan<byte>)(byte[])keys[i]!;
                    var hash = BinaryPrimitives.ReadUInt64LittleEndian(name[^sizeof(ulong)..]);
                    if (timesToLive[i] is { } time && time <= maxTimeToLive) hashes.Add(hash, time);
                }
            }
    }
}
