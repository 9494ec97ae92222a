using System.Globalization;
using System.Net.Sockets;
using Footfall.Words;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>The connection to Redis, and what is checked of it at the start.</summary>
internal sealed class RedisLink : IDisposable
{
    /// <summary>A portion of the streams may take the network seconds to bring: to ask again before it has come makes Redis hold it twice. In milliseconds.</summary>
    private const int LongestPortion = 20_000;

    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(10);

    private static readonly Version Oldest = new(6, 2);

    private readonly ConnectionMultiplexer _connection, _beside, _streams;
    private readonly ILogger<RedisLink> _log;
    private readonly RedisIdentity _identity;
    private readonly ITimer _timer;
    private bool _clockTold;

    /// <exception cref="StartException">Redis can't be reached, or is not set up so that nothing is lost in silence.</exception>
    public RedisLink(IOptions<FootfallOptions> options, ILogger<RedisLink> log, TimeProvider time)
    {
        _log = log;
        var settings = options.Value.Redis;
        Keys = new RedisKeys(settings.Prefix, settings.Shards);
        Clock = new RedisClock(time);
        var configuration = RedisConnection.Read(settings);
        foreach (var option in RedisConnection.PassedOver(settings)) log.OptionPassedOver(option);
        _identity = new RedisIdentity(Keys, settings.Shards, log);
        try
        {
            _connection = _beside = _streams = ConnectionMultiplexer.Connect(configuration);
        }
        catch (Exception error) when (RedisTrouble.IsOfRedis(error))
        {
            throw RedisConnection.NotReached(settings, configuration, error);
        }
        try
        {
            // WAIT holds up all that comes after it on its connection.
            if (settings.MinReplicas > 0) _beside = ConnectionMultiplexer.Connect(configuration);
            var patient = configuration.Clone();
            patient.AsyncTimeout = LongestPortion;
            patient.BeforeSocketConnect = static (_, _, socket) => EndWithoutPeer(socket);
            _streams = ConnectionMultiplexer.Connect(patient);
            (Database, Beside, Streams) = (_connection.GetDatabase(), _beside.GetDatabase(), _streams.GetDatabase());
            Check();
            ReadClock();
            _identity.Begin(Database, Clock.Now);
            CheckRights(settings);
            var unkeyed = new UnkeyedHashes(time);
            if (_identity.UnkeyedUntil is { } until) RedisUnkeyedKeys.Read(_connection, Keys, until, Clock.Now, unkeyed);
            KeyHasher = new KeyHasher(_identity.Secret, unkeyed);
        }
        catch (Exception error)
        {
            Disconnect();
            if (RedisTrouble.IsOfRedis(error)) throw new StartException($"{RedisConnection.Servers(settings)} can't be used: {RedisTrouble.Sentence(error)}", error);
            // What the library itself knows to be wrong, without asking Redis.
            if (error is RedisCommandException && configuration.DefaultDatabase is > 0 and var database)
                throw new StartException($"{RedisConnection.Servers(settings)} has no database {database}, which defaultDatabase in Footfall__Redis__Connection asks for: a Redis has those from 0 to 15 unless set otherwise, a Cluster only 0.", error);
            throw;
        }
        // Whoever comes back may have lost what it had.
        _connection.ConnectionRestored += (_, _) => Watch();
        _timer = time.CreateTimer(static link => ((RedisLink)link!).Watch(), this, WatchInterval, WatchInterval);
    }

    public RedisKeys Keys { get; }

    /// <summary>For the batches, and all else that changes the journal.</summary>
    public IDatabase Database { get; }

    /// <summary>For what needs no replica, and must not wait while a batch waits for one: counts, rates.</summary>
    public IDatabase Beside { get; }

    /// <summary>For the streams: on its own connection a portion of many megabytes holds up nothing else.</summary>
    public IDatabase Streams { get; }

    public RedisClock Clock { get; }

    /// <inheritdoc cref="RedisIdentity.Id"/>
    public Guid Identity => _identity.Id;

    /// <summary>With the secret that all nodes share.</summary>
    public KeyHasher KeyHasher { get; }

    public bool IsCluster { get; private set; }

    /// <summary>How the commands of a shard go at the moment.</summary>
    /// <param name="Connections">How often that server was connected to: another number is another connection.</param>
    internal readonly record struct Way(IServer Server, long Connections);

    /// <summary>The server that has a key; asks nobody. Null where none is known.</summary>
    public System.Net.EndPoint? ServerOf(RedisKey key)
    {
        try
        {
            return _connection.GetServer(key, null, CommandFlags.DemandMaster).EndPoint;
        }
        catch (Exception error) when (RedisTrouble.IsOfRedis(error))
        {
            return null;
        }
    }

    /// <summary>Finds how the commands of a shard go; asks nobody.</summary>
    public Way WayTo(RedisKeys.Shard shard)
    {
        var server = _connection.GetServer(shard.Meta, null, CommandFlags.DemandMaster);
        return new Way(server, server.GetCounters().Interactive.SocketCount);
    }

    /// <summary>
    /// Waits until replicas have what this node wrote to a shard. WAIT counts what was written on its own connection, and on a new one, or at a server that has become the primary since, it
    /// would count what was never there (https://redis.io/docs/latest/commands/wait/).
    /// </summary>
    /// <param name="way">That of the batch, found before it was sent.</param>
    /// <returns>How many have it.</returns>
    /// <exception cref="TimeoutException">The batch went another way than this: it has to be sent again.</exception>
    public async Task<long> WaitForReplicasAsync(RedisKeys.Shard shard, Way way, int replicas, TimeSpan limit)
    {
        var have = (long)await way.Server.ExecuteAsync("WAIT", replicas, Math.Max(1, (long)limit.TotalMilliseconds));
        var now = WayTo(shard);
        if (now.Connections != way.Connections || !Equals(now.Server.EndPoint, way.Server.EndPoint)) throw new TimeoutException("The connection is another one than that of the batch.");
        return have;
    }

    public void Dispose()
    {
        _timer.Dispose();
        Disconnect();
    }

    private void CheckRights(RedisOptions settings)
    {
        try
        {
            RedisRights.Check(Database, settings.Prefix, settings.MinReplicas, Clock.Now);
        }
        catch (Exception error) when (IsCluster && (error is RedisConnectionException or TimeoutException || error.Message.StartsWith("CLUSTERDOWN", StringComparison.Ordinal)))
        {
            // The primary that these keys would be on is down; the sites of the others are counted all the same.
            return;
        }
    }

    /// <summary>Nobody waits for an answer any more: of a Redis that stands still it would take as long as the longest limit, on each connection.</summary>
    private void Disconnect()
    {
        foreach (var connection in (HashSet<ConnectionMultiplexer>)[_connection, _beside, _streams])
        {
            connection.Close(allowCommandsToComplete: false);
            connection.Dispose();
        }
    }

    /// <summary>Lets the system end a connection whose other end is gone without a word: a portion may take long, so that its own time says little.</summary>
    private static void EndWithoutPeer(Socket socket)
    {
        const int seconds = 5, tries = 3, tcpUserTimeout = 18;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, seconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, seconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, tries);
        // What was sent and not confirmed: https://man7.org/linux/man-pages/man7/tcp.7.html, TCP_USER_TIMEOUT.
        if (OperatingSystem.IsLinux()) socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, tcpUserTimeout, BitConverter.GetBytes(seconds * tries * 1_000));
    }

    private void Check()
    {
        var servers = _connection.GetServers().Where(server => server is { IsConnected: true, IsReplica: false }).ToList();
        if (servers.Count == 0) throw new TimeoutException("None of the servers is a primary.");
        IsCluster = servers[0].ServerType == ServerType.Cluster;
        foreach (var server in servers)
        {
            var name = Name(server.EndPoint);
            var info = server.Info().SelectMany(group => group).DistinctBy(pair => pair.Key).ToDictionary(pair => pair.Key, pair => pair.Value);
            if (server.Version < Oldest) throw new StartException($"Redis at {name} is of version {server.Version}; Footfall needs {Oldest} or later.");
            if (info.GetValueOrDefault("maxmemory_policy") is { } policy && policy != "noeviction")
                throw new StartException($"Redis at {name} has maxmemory-policy {policy}: with its memory full it throws keys away, and visits would be counted twice or be lost. Set maxmemory-policy noeviction in its redis.conf, or with redis-cli config set maxmemory-policy noeviction.");
            if (info.GetValueOrDefault("aof_enabled") == "0") _log.NoAppendOnly(name);
        }
        _log.Connected(servers[0].Version.ToString(), string.Join(", ", servers.Select(server => Name(server.EndPoint))), IsCluster ? $"a Cluster of {servers.Count} primaries" : "one primary", Keys.Shards.Count,
            Keys.Journal.ToString()[..^":journal".Length]);
    }

    private void ReadClock()
    {
        var asked = Clock.Elapsed();
        var answer = (RedisValue[])Database.Execute("TIME")!;
        Clock.Set(DateTimeOffset.FromUnixTimeMilliseconds((long)answer[0] * 1_000 + (long)answer[1] / 1_000), asked);
        TellClock();
    }

    private void Watch() => _ = WatchAsync();

    private async Task WatchAsync()
    {
        try
        {
            var asked = Clock.Elapsed();
            var answer = (RedisValue[])(await Database.ExecuteAsync("TIME"))!;
            Clock.Set(DateTimeOffset.FromUnixTimeMilliseconds((long)answer[0] * 1_000 + (long)answer[1] / 1_000), asked);
            TellClock();
            await _identity.KeepAsync(Database);
        }
        catch (Exception error) when (RedisTrouble.IsOfRedis(error))
        {
            // The shards tell that Redis fails; until it answers again the time goes on by what it said last.
            return;
        }
    }

    private void TellClock()
    {
        var off = Math.Abs(Clock.Ahead) > SharedTime.Tolerated.TotalMilliseconds;
        if (off && !_clockTold) _log.ClockOff(Clock.Ahead / 1000.0);
        _clockTold = off;
    }

    private static string Name(System.Net.EndPoint server) => server switch
    {
        System.Net.DnsEndPoint dns => $"{dns.Host}:{dns.Port}",
        _ => server.ToString() ?? "",
    };
}
