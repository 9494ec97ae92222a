using StackExchange.Redis;

namespace Footfall.Tests.Journal.Redis;

/// <summary>A real Redis Cluster of three primaries, and no replicas unless asked for.</summary>
public sealed class RedisCluster : IAsyncLifetime
{
    private const int Slots = 16_384;

    private RedisServer[] _servers = [];

    internal IReadOnlyList<RedisServer> Servers => _servers;

    /// <summary>One of them is enough: it knows the others.</summary>
    public string Connection => _servers[0].Connection;

    public async ValueTask InitializeAsync()
    {
        _servers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => RedisServer.StartAsync(
            "--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf", "--cluster-node-timeout", "2000", "--cluster-port", $"{RedisServer.FreePort()}")));
        for (var i = 0; i < _servers.Length; i++)
        {
            await _servers[i].Client.ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", Slots * i / _servers.Length, Slots * (i + 1) / _servers.Length - 1);
            var bus = ((string)(await _servers[i].Admin.ExecuteAsync("CONFIG", "GET", "cluster-port")).ToDictionary()["cluster-port"]!)!;
            if (i > 0) await _servers[0].Admin.ExecuteAsync("CLUSTER", "MEET", "127.0.0.1", _servers[i].Port, bus);
        }
        foreach (var server in _servers)
            await Eventually.BecomesAsync(
                async () => (await server.Admin.ExecuteAsync("CLUSTER", "INFO")).ToString().Contains("cluster_state:ok", StringComparison.Ordinal)
                    && (await server.Admin.ExecuteAsync("CLUSTER", "NODES")).ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(line => !line.Contains("handshake", StringComparison.Ordinal)) == 3,
                "the cluster is one");
    }

    /// <summary>Moves a slot to another primary, as redis-cli --cluster reshard does: https://redis.io/docs/latest/commands/cluster-setslot/.</summary>
    internal async Task MoveAsync(int slot, RedisServer from, RedisServer to)
    {
        var (source, target) = ((string)(await from.Admin.ExecuteAsync("CLUSTER", "MYID"))!, (string)(await to.Admin.ExecuteAsync("CLUSTER", "MYID"))!);
        await to.Admin.ExecuteAsync("CLUSTER", "SETSLOT", slot, "IMPORTING", source);
        await from.Admin.ExecuteAsync("CLUSTER", "SETSLOT", slot, "MIGRATING", target);
        while (true)
        {
            var keys = (RedisKey[])(await from.Admin.ExecuteAsync("CLUSTER", "GETKEYSINSLOT", slot, 3))!;
            if (keys.Length == 0) break;
            await from.Admin.ExecuteAsync("MIGRATE", ["127.0.0.1", to.Port, "", 0, 5_000, "KEYS", .. keys.Cast<object>()]);
        }
        foreach (var server in (RedisServer[])[to, from, .. _servers.Except([to, from])]) await server.Admin.ExecuteAsync("CLUSTER", "SETSLOT", slot, "NODE", target);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers) await server.DisposeAsync();
    }
}
