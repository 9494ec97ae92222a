using StackExchange.Redis;

namespace Footfall.Tests.Journal.Redis;

/// <summary>A real Redis Cluster of three primaries, and no replicas unless requested.</summary>
public sealed class RedisCluster : IAsyncLifetime
{
    private const int Slots = 16_384, Primaries = 3;

    private static readonly string[] Settings =
        ["--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf", "--cluster-node-timeout", "2000",
            "--cluster-require-full-coverage", "no", "--repl-diskless-sync-delay", "0", "--appendonly", "yes", "--cluster-port"];

    private readonly int _replicasWanted;
    private RedisServer[] _servers = [];

    public RedisCluster()
        : this(0)
    {
    }

    /// <param name="replicas">How many; each is one of the first primary.</param>
    private RedisCluster(int replicas) => _replicasWanted = replicas;

    /// <summary>The primaries, as they were at the start.</summary>
    internal IReadOnlyList<RedisServer> Servers => _servers[..3];

    /// <summary>Those that were replicas at the start.</summary>
    internal IReadOnlyList<RedisServer> Replicas => _servers[3..];

    /// <summary>One of them is enough: it knows the others.</summary>
    public string Connection => _servers[0].Connection;

    public async ValueTask InitializeAsync()
    {
        _servers = await Task.WhenAll(Enumerable.Range(0, Primaries + _replicasWanted)
            .Select(_ => RedisServer.StartAsync([.. Settings, $"{RedisServer.FreePort()}"])));
        for (var i = 0; i < _servers.Length; i++)
        {
            if (i < Primaries) await _servers[i].Client.ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", FirstSlot(i), FirstSlot(i + 1) - 1);
            var bus = ((string)(await _servers[i].Admin.ExecuteAsync("CONFIG", "GET", "cluster-port")).ToDictionary()["cluster-port"]!)!;
            if (i > 0) await _servers[0].Admin.ExecuteAsync("CLUSTER", "MEET", "127.0.0.1", _servers[i].Port, bus);
        }
        foreach (var server in _servers)
            await Eventually.BecomesAsync(
                async () => (await server.Admin.ExecuteAsync("CLUSTER", "INFO")).ToString()
                    .Contains("cluster_state:ok", StringComparison.Ordinal)
                    && (await server.Admin.ExecuteAsync("CLUSTER", "NODES")).ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
                        .Count(line => !line.Contains("handshake", StringComparison.Ordinal)) == _servers.Length,
                "the cluster is one");
        foreach (var replica in Replicas) await FollowAsync(replica, _servers[0]);
    }

    internal static async Task<RedisCluster> StartAsync(int replicas)
    {
        var cluster = new RedisCluster(replicas);
        await cluster.InitializeAsync();
        return cluster;
    }

    /// <summary>Which primary had a slot at the start.</summary>
    internal static int GetPrimaryIndex(int slot) => Enumerable.Range(0, Primaries).Last(i => FirstSlot(i) <= slot);

    /// <summary>
    /// Moves a slot to another primary, as redis-cli --cluster reshard does: https://redis.io/docs/latest/commands/cluster-setslot/.
    /// </summary>
    internal async Task MoveSlotAsync(int slot, RedisServer from, RedisServer to)
    {
        var (source, target) =
            ((string)(await from.Admin.ExecuteAsync("CLUSTER", "MYID"))!, (string)(await to.Admin.ExecuteAsync("CLUSTER", "MYID"))!);
        await to.Admin.ExecuteAsync("CLUSTER", "SETSLOT", slot, "IMPORTING", source);
        await from.Admin.ExecuteAsync("CLUSTER", "SETSLOT", slot, "MIGRATING", target);
        while (true)
        {
            var keys = (RedisKey[])(await from.Admin.ExecuteAsync("CLUSTER", "GETKEYSINSLOT", slot, 3))!;
            if (keys.Length == 0) break;
            await from.Admin.ExecuteAsync("MIGRATE", ["127.0.0.1", to.Port, "", 0, 5_000, "KEYS", .. keys.Cast<object>()]);
        }
        foreach (var server in (RedisServer[])[to, from, .. _servers.Except([to, from])])
            await server.Admin.ExecuteAsync("CLUSTER", "SETSLOT", slot, "NODE", target);
    }

    private static int FirstSlot(int primary) => Slots * primary / Primaries;

    private async Task FollowAsync(RedisServer replica, RedisServer primary)
    {
        await replica.Admin.ExecuteAsync("CLUSTER", "REPLICATE", (string)(await primary.Admin.ExecuteAsync("CLUSTER", "MYID"))!);
        await Eventually.BecomesAsync(async () => (await replica.Admin.InfoRawAsync("replication"))!.Contains("master_link_status:up",
            StringComparison.Ordinal), "the replica follows");
        foreach (var server in _servers)
            await Eventually.BecomesAsync(async () => (await server.Admin.ExecuteAsync("CLUSTER", "NODES")).ToString()
                .Contains("slave ", StringComparison.Ordinal), "all know of the replica");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers) await server.DisposeAsync();
    }
}
