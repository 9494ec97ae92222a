using System.Globalization;
using System.Net.Sockets;
using Footfall.Words;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>The connection to Redis, and what is checked of it at the start.</summary>
internal sealed class RedisLink : IDisposable
{
    /// <summary>An answer that takes longer is asked for again; the batch then has the same number, and counts once.</summary>
    private const int LongestAnswer = 2_000;

    /// <summary>The same for a portion of the streams, which the network may take seconds to bring: to ask again before it has come makes Redis hold it twice.</summary>
    private const int LongestPortion = 20_000;

    /// <summary>In seconds.</summary>
    private const int RoleCheck = 2;

    /// <summary>Options of a connection that no operator sets, since the journal depends on them.</summary>
    private static readonly string[] Own = ["abortConnect", "allowAdmin", "asyncTimeout", "syncTimeout", "configCheckSeconds"];

    private static readonly TimeSpan ClockInterval = TimeSpan.FromSeconds(10);

    private static readonly Version Oldest = new(6, 2);

    private readonly ConnectionMultiplexer _connection, _beside, _streams;
    private readonly ILogger<RedisLink> _log;
    private readonly ITimer _timer;
    private bool _clockTold;

    /// <exception cref="StartException">Redis can't be reached, or is not set up so that nothing is lost in silence.</exception>
    public RedisLink(IOptions<FootfallOptions> options, ILogger<RedisLink> log, TimeProvider time)
    {
        _log = log;
        var settings = options.Value.Redis;
        Keys = new RedisKeys(settings.Prefix, settings.Shards);
        Clock = new RedisClock(time);
        var configuration = Configure(settings);
        foreach (var option in Own.Where(option => settings.Connection.Contains($"{option}=", StringComparison.OrdinalIgnoreCase))) log.OptionPassedOver(option);
        try
        {
            _connection = _beside = _streams = ConnectionMultiplexer.Connect(configuration);
        }
        catch (Exception error) when (RedisTrouble.IsOfRedis(error))
        {
            throw NotReached(configuration, error);
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
            Identity = Identify(settings);
        }
        catch (Exception error)
        {
            Disconnect();
            if (RedisTrouble.IsOfRedis(error)) throw NotReached(configuration, error);
            throw;
        }
        _timer = time.CreateTimer(static link => ((RedisLink)link!).WatchClock(), this, ClockInterval, ClockInterval);
    }

    public RedisKeys Keys { get; }

    /// <summary>For the batches, and all else that changes the journal.</summary>
    public IDatabase Database { get; }

    /// <summary>For what needs no replica, and must not wait while a batch waits for one: counts, rates.</summary>
    public IDatabase Beside { get; }

    /// <summary>For the streams: on its own connection a portion of many megabytes holds up nothing else.</summary>
    public IDatabase Streams { get; }

    public RedisClock Clock { get; }

    /// <summary>Which journal this is: made with its first key.</summary>
    public Guid Identity { get; }

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

    private void Disconnect()
    {
        _connection.Dispose();
        if (_beside != _connection) _beside.Dispose();
        if (_streams != _connection) _streams.Dispose();
    }

    private static ConfigurationOptions Configure(RedisOptions settings)
    {
        try
        {
            var configuration = ConfigurationOptions.Parse(settings.Connection);
            configuration.ClientName ??= "footfall";
            configuration.AbortOnConnectFail = true;
            // For INFO at the start: https://stackexchange.github.io/StackExchange.Redis/Configuration, "Admin".
            configuration.AllowAdmin = true;
            configuration.AsyncTimeout = LongestAnswer;
            configuration.SyncTimeout = Math.Max(LongestAnswer, settings.TimeoutSeconds * 1_000);
            // What can't be sent now is told at once: the journal itself tries again, and knows for how long.
            configuration.BacklogPolicy = BacklogPolicy.FailFast;
            configuration.ReconnectRetryPolicy = new LinearRetry(250);
            configuration.HeartbeatInterval = TimeSpan.FromMilliseconds(250);
            // How soon it is noticed that another server is the primary now, where none of them says so by itself; a minute unless set.
            configuration.ConfigCheckSeconds = RoleCheck;
            // Keys are hashes of what shops sent, and values too: none of it belongs into a log.
            configuration.IncludeDetailInExceptions = false;
            return configuration;
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            throw new StartException($"Footfall__Redis__Connection can't be read: {error.Message}", error);
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

    private static StartException NotReached(ConfigurationOptions configuration, Exception error)
    {
        var servers = string.Join(", ", configuration.EndPoints.Select(Name));
        var reason = (error.InnerException ?? error).Message;
        return new StartException($"Redis at {servers} can't be used: {reason.ReplaceLineEndings(" ").TrimEnd('.')}. Is it running, and is Footfall__Redis__Connection right?", error);
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

    private Guid Identify(RedisOptions settings)
    {
        Database.HashSet(Keys.Journal, "id", Guid.NewGuid().ToString(), When.NotExists);
        Database.HashSet(Keys.Journal, "shards", settings.Shards, When.NotExists);
        Database.HashSet(Keys.Journal, "format", 1, When.NotExists);
        var known = Database.HashGetAll(Keys.Journal).ToDictionary(field => field.Name.ToString(), field => field.Value.ToString());
        if (known["format"] != "1") throw new StartException($"The journal in Redis was written by a later version of Footfall (format {known["format"]}; this program knows up to 1).");
        if (known["shards"] != settings.Shards.ToString(CultureInfo.InvariantCulture))
            throw new StartException($"The journal in Redis has {known["shards"]} shards, and Footfall__Redis__Shards is {settings.Shards}: it must be the same on all nodes, and stays as it was when the first one started.");
        return Guid.Parse(known["id"]);
    }

    private void ReadClock()
    {
        var asked = Clock.Elapsed();
        var answer = (RedisValue[])Database.Execute("TIME")!;
        Clock.Set(DateTimeOffset.FromUnixTimeMilliseconds((long)answer[0] * 1_000 + (long)answer[1] / 1_000), asked);
        TellClock();
    }

    private void WatchClock() => _ = WatchClockAsync();

    private async Task WatchClockAsync()
    {
        try
        {
            var asked = Clock.Elapsed();
            var answer = (RedisValue[])(await Database.ExecuteAsync("TIME"))!;
            Clock.Set(DateTimeOffset.FromUnixTimeMilliseconds((long)answer[0] * 1_000 + (long)answer[1] / 1_000), asked);
            TellClock();
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
