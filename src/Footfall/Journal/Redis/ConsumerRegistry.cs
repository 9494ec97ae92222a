using System.Globalization;
using System.Security.Cryptography;
using Footfall.Common;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>A history that reads the streams.</summary>
/// <param name="LastSeen">When it last registered, on Redis' clock.</param>
/// <param name="Offsets">The last entry of each shard that it has stored durably.</param>
internal sealed record StreamConsumer(string Node, long LastSeen, StreamOffset[] Offsets);

/// <summary>The registry of the histories that read the streams, with their progress.</summary>
internal sealed class ConsumerRegistry(RedisConnectionManager connections, RedisHitSource source, IOptions<FootfallOptions> options,
    ILogger<ConsumerRegistry> log)
{
    private const long Hour = 60 * 60 * 1000;

    /// <summary>How long a name counts as in use after its process last renewed it.</summary>
    private static readonly TimeSpan LockDuration = TimeSpan.FromSeconds(15);

    private readonly HashSet<string> _unreadable = [];
    private readonly string _processId = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private string? _otherHolder;
    private bool _failing, _registered;

    /// <summary>
    /// Registers the history of this node and its progress. If Redis fails, the error is logged and the next call retries.
    /// </summary>
    /// <exception cref="RedisServerException">The first call: Redis rejects the command, and would again.</exception>
    public async Task RegisterAsync()
    {
        if (source.Registration is not { } consumer) return;
        try
        {
            if (!await TryLockNameAsync(consumer.Node)) return;
            var text = string.Join(' ', consumer.Places.Select(static offset => (string)offset.EntryId!)
                .Prepend(connections.Clock.Now.ToString(CultureInfo.InvariantCulture)));
            await connections.Database.HashSetAsync(connections.Keys.Consumers, source.Registration!.Value.Node, text);
            _failing = false;
            _registered = true;
        }
        catch (Exception error) when (RedisFault.IsRedisError(error) && (_registered || RedisFault.IsTransient(error)))
        {
            _registered = true;
            if (!_failing) log.ConsumerRegistrationFailed(RedisFault.Describe(error));
            _failing = true;
        }
    }

    /// <summary>Finds all consumers; removes those that have been silent for too long.</summary>
    public async Task<List<StreamConsumer>> ListActiveAsync(long now)
    {
        var (consumers, hours) = (new List<StreamConsumer>(), options.Value.Redis.StreamHours);
        foreach (var field in await connections.Database.HashGetAllAsync(connections.Keys.Consumers))
        {
            if (Parse(field) is not { } consumer)
            {
                if (_unreadable.Add(field.Name.ToString()))
                    log.ConsumerUnreadable(field.Name.ToString(), connections.Keys.Consumers.ToString());
                continue;
            }
            if (consumer.LastSeen < now - hours * Hour)
            {
                log.ConsumerExpired(consumer.Node, hours);
                await connections.Database.HashDeleteAsync(connections.Keys.Consumers, consumer.Node);
                continue;
            }
            consumers.Add(consumer);
        }
        return consumers;
    }

    /// <summary>
    /// Ensures that no other process uses the same name. The name of a killed process expires after a while; a process that keeps renewing
    /// it runs on a copy of the data directory.
    /// </summary>
    private async Task<bool> TryLockNameAsync(string node)
    {
        var holder = (string?)await connections.Database.StringGetAsync(connections.Keys.ConsumerLock(node));
        if (holder is not null && !holder.StartsWith(_processId, StringComparison.Ordinal))
        {
            var isActive = _otherHolder is { } previousHolder && previousHolder != holder
                && previousHolder[.._processId.Length] == holder[.._processId.Length];
            _otherHolder = holder;
            if (!isActive) return false;
            source.RenameNode();
            log.ConsumerRenamed(node, source.Registration!.Value.Node);
        }
        _otherHolder = null;
        // The library would use SETEX, for which the Redis user would need another permission.
        await connections.Database.ExecuteAsync("SET", connections.Keys.ConsumerLock(source.Registration!.Value.Node),
            $"{_processId} {connections.Clock.Now}", "PX", (long)LockDuration.TotalMilliseconds);
        return true;
    }

    private StreamConsumer? Parse(HashEntry field)
    {
        var parts = field.Value.ToString().Split(' ');
        if (parts.Length != connections.Keys.Shards.Count + 1
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var lastSeen)) return null;
        try
        {
            return new StreamConsumer(field.Name.ToString(), lastSeen, [.. parts[1..].Select(static id => StreamOffset.Parse(id))]);
        }
        catch (Exception error) when (error is FormatException or OverflowException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
