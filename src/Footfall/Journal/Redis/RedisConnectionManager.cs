using System.Globalization;
using System.Net.Sockets;
using Footfall.Common;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>The connection to Redis, and its checks at startup.</summary>
internal sealed class RedisConnectionManager : IDisposable
{
    /// <summary>
    /// The timeout of a stream read, in milliseconds. A portion may take seconds on the network; requesting it again too early makes Redis
    /// hold it twice.
    /// </summary>
    private const int StreamReplyTimeout = 20_000;

    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(10);

    private static readonly Version MinVersion = new(6, 2);

    private readonly ConnectionMultiplexer _connection, _auxiliary, _streams;
    private readonly ILogger<RedisConnectionManager> _log;
    private readonly RedisIdentity _identity;
    private readonly ITimer _timer;
    private bool _clockSkewReported;

    /// <exception cref="StartupException">Redis can't be reached, or its configuration could lose data silently.</exception>
    public RedisConnectionManager(IOptions<FootfallOptions> options, ILogger<RedisConnectionManager> log, TimeProvider time)
    {
        _log = log;
        var settings = options.Value.Redis;
        Keys = new RedisKeys(settings.Prefix, settings.Shards);
        Clock = new RedisClock(time);
        var configuration = RedisConfiguration.Parse(settings);
        foreach (var option in RedisConfiguration.IgnoredOptions(settings)) log.OptionIgnored(option);
        _identity = new RedisIdentity(Keys, settings.Shards, log);
        try
        {
            _connection = _auxiliary = _streams = ConnectionMultiplexer.Connect(configuration);
        }
        catch (Exception error) when (RedisFault.IsRedisError(error))
        {
            throw RedisConfiguration.CreateConnectException(settings, configuration, error);
        }
        try
        {
            // WAIT blocks all later commands on its connection.
            if (settings.MinReplicas > 0) _auxiliary = ConnectionMultiplexer.Connect(configuration);
            var streamConfiguration = configuration.Clone();
            streamConfiguration.AsyncTimeout = StreamReplyTimeout;
            streamConfiguration.BeforeSocketConnect = static (_, _, socket) => EnableKeepAlive(socket);
            _streams = ConnectionMultiplexer.Connect(streamConfiguration);
            (Database, Auxiliary, Streams) = (_connection.GetDatabase(), _auxiliary.GetDatabase(), _streams.GetDatabase());
            CheckServers();
            ReadClock();
            _identity.Initialize(Database, Clock.Now);
            CheckPermissions(settings);
            var unkeyed = new UnkeyedHashes(time);
            if (_identity.UnkeyedUntil is { } until) UnkeyedKeyLoader.Load(_connection, Keys, until, Clock.Now, unkeyed);
            KeyHasher = new KeyHasher(_identity.Secret, unkeyed);
        }
        catch (Exception error)
        {
            Disconnect();
            if (RedisFault.IsRedisError(error)) throw new StartupException(
                $"{RedisConfiguration.DescribeServers(settings)} can't be used: {RedisFault.Describe(error)}", error);
            // Errors that the library detects without contacting Redis.
            if (error is RedisCommandException && configuration.DefaultDatabase is > 0 and var database)
                throw new StartupException(
                    $"{RedisConfiguration.DescribeServers(settings)} has no database {database}, which defaultDatabase in "
                    + $"Footfall__Redis__Connection selects: Redis has the databases 0 to 15 by default, a Cluster only 0.", error);
            throw;
        }
        // A server that comes back may have lost its data.
        _connection.ConnectionRestored += (_, _) => Refresh();
        _timer = time.CreateTimer(static link => ((RedisConnectionManager)link!).Refresh(), this, RefreshInterval, RefreshInterval);
    }

    public RedisKeys Keys { get; }

    /// <summary>For batches and everything else that changes the journal.</summary>
    public IDatabase Database { get; }

    /// <summary>For commands that need no replica and must not wait behind a WAIT: counters, rates.</summary>
    public IDatabase Auxiliary { get; }

    /// <summary>For the streams: on their own connection, a portion of many megabytes delays nothing else.</summary>
    public IDatabase Streams { get; }

    public RedisClock Clock { get; }

    /// <inheritdoc cref="RedisIdentity.Id"/>
    public Guid Identity => _identity.Id;

    /// <summary>Uses the secret that all nodes share.</summary>
    public KeyHasher KeyHasher { get; }

    public bool IsCluster { get; private set; }

    /// <summary>The current route of a shard's commands.</summary>
    /// <param name="Connections">The number of connects to that server: it changes with each new connection.</param>
    internal readonly record struct Route(IServer Server, long Connections);

    /// <summary>The server of a key, without I/O; null if unknown.</summary>
    public System.Net.EndPoint? FindServer(RedisKey key)
    {
        try
        {
            return _connection.GetServer(key, null, CommandFlags.DemandMaster).EndPoint;
        }
        catch (Exception error) when (RedisFault.IsRedisError(error))
        {
            return null;
        }
    }

    /// <summary>Finds the route of a shard's commands, without I/O.</summary>
    public Route GetRoute(RedisKeys.Shard shard)
    {
        var server = _connection.GetServer(shard.Meta, null, CommandFlags.DemandMaster);
        return new Route(server, server.GetCounters().Interactive.SocketCount);
    }

    /// <summary>
    /// Waits until replicas have what this node wrote to a shard. WAIT covers only writes on its own connection; on a new connection or a
    /// new primary it would confirm data that was never there (https://redis.io/docs/latest/commands/wait/).
    /// </summary>
    /// <param name="route">The route of the batch, determined before it was sent.</param>
    /// <returns>The number of replicas that have it.</returns>
    /// <exception cref="TimeoutException">The batch took a different route: it must be sent again.</exception>
    public async Task<long> WaitForReplicasAsync(RedisKeys.Shard shard, Route route, int replicas, TimeSpan limit)
    {
        var confirmed = (long)await route.Server.ExecuteAsync("WAIT", replicas, Math.Max(1, (long)limit.TotalMilliseconds));
        var now = GetRoute(shard);
        if (now.Connections != route.Connections || !Equals(now.Server.EndPoint, route.Server.EndPoint))
            throw new TimeoutException("The connection is not the one that sent the batch.");
        return confirmed;
    }

    public void Dispose()
    {
        _timer.Dispose();
        Disconnect();
    }

    private void CheckPermissions(RedisOptions settings)
    {
        try
        {
            RedisPermissionCheck.Check(Database, settings.Prefix, settings.MinReplicas, Clock.Now);
        }
        catch (Exception error) when (IsCluster
            && (error is RedisConnectionException or TimeoutException || error.Message.StartsWith("CLUSTERDOWN", StringComparison.Ordinal)))
        {
            // The primary of these keys is down; the sites of other primaries are still counted.
            return;
        }
    }

    /// <summary>Does not wait for replies: with a hanging Redis, that would take the longest timeout on each connection.</summary>
    private void Disconnect()
    {
        foreach (var connection in (HashSet<ConnectionMultiplexer>)[_connection, _auxiliary, _streams])
        {
            connection.Close(allowCommandsToComplete: false);
            connection.Dispose();
        }
    }

    /// <summary>
    /// Lets the system close a connection whose peer is gone: a portion may take long, so that its own timeout is no indication.
    /// </summary>
    private static void EnableKeepAlive(Socket socket)
    {
        const int seconds = 5, tries = 3, tcpUserTimeout = 18;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, seconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, seconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, tries);
        // The time for which sent data may stay unacknowledged: https://man7.org/linux/man-pages/man7/tcp.7.html, TCP_USER_TIMEOUT.
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, tcpUserTimeout, BitConverter.GetBytes(seconds * tries * 1_000));
    }

    private void CheckServers()
    {
        var servers = _connection.GetServers().Where(server => server is { IsConnected: true, IsReplica: false }).ToList();
        if (servers.Count == 0) throw new TimeoutException("None of the servers is a primary.");
        IsCluster = servers[0].ServerType == ServerType.Cluster;
        foreach (var server in servers)
        {
            var name = FormatEndPoint(server.EndPoint);
            var info = server.Info().SelectMany(group => group).DistinctBy(pair => pair.Key)
                .ToDictionary(pair => pair.Key, pair => pair.Value);
            if (server.Version < MinVersion)
                throw new StartupException($"Redis at {name} has version {server.Version}; Footfall needs {MinVersion} "
                + $"or later.");
            if (info.GetValueOrDefault("maxmemory_policy") is { } policy && policy != "noeviction")
                throw new StartupException($"Redis at {name} has maxmemory-policy {policy}: when its memory is full it evicts keys, and "
                    + $"visits would be counted twice or lost. Set maxmemory-policy noeviction in its redis.conf, or with redis-cli "
                    + $"config set maxmemory-policy noeviction.");
            if (info.GetValueOrDefault("aof_enabled") == "0") _log.AppendOnlyDisabled(name);
        }
        _log.Connected(servers[0].Version.ToString(), string.Join(", ", servers.Select(server => FormatEndPoint(server.EndPoint))),
            IsCluster ? $"a Cluster of {servers.Count} primaries" : "one primary", Keys.Shards.Count,
            Keys.Journal.ToString()[..^":journal".Length]);
    }

    private void ReadClock()
    {
        var requestedAt = Clock.Elapsed();
        var reply = (RedisValue[])Database.Execute("TIME")!;
        Clock.Synchronize(DateTimeOffset.FromUnixTimeMilliseconds((long)reply[0] * 1_000 + (long)reply[1] / 1_000), requestedAt);
        ReportClockSkew();
    }

    private void Refresh() => _ = RefreshAsync();

    private async Task RefreshAsync()
    {
        try
        {
            var requestedAt = Clock.Elapsed();
            var reply = (RedisValue[])(await Database.ExecuteAsync("TIME"))!;
            Clock.Synchronize(DateTimeOffset.FromUnixTimeMilliseconds((long)reply[0] * 1_000 + (long)reply[1] / 1_000), requestedAt);
            ReportClockSkew();
            await _identity.RestoreAsync(Database);
        }
        catch (Exception error) when (RedisFault.IsRedisError(error))
        {
            // The shards report that Redis fails; until it responds, the time continues from its last report.
            return;
        }
    }

    private void ReportClockSkew()
    {
        var isSkewed = Math.Abs(Clock.Skew) > RedisTimeProvider.Tolerance.TotalMilliseconds;
        if (isSkewed && !_clockSkewReported) _log.ClockSkewed(Clock.Skew / 1000.0);
        _clockSkewReported = isSkewed;
    }

    private static string FormatEndPoint(System.Net.EndPoint server) => server switch
    {
        System.Net.DnsEndPoint dns => $"{dns.Host}:{dns.Port}",
        _ => server.ToString() ?? "",
    };
}
