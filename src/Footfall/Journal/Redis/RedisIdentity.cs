using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Footfall.Common;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// The identity of the journal in Redis: an id, the secret of its keys, and settings that must be the same on all nodes. If Redis has lost
/// its data, a running node restores it, since a new id would make each history read the streams from their beginning and count hits twice.
/// </summary>
internal sealed class RedisIdentity(RedisKeys keys, int shards, ILogger log)
{
    private const int FormatVersion = 1;

    private readonly byte[] _secret = new byte[KeyHasher.SecretBytes];

    private Guid _reportedId;

    public Guid Id { get; private set; }

    /// <summary>For <see cref="KeyHasher"/>.</summary>
    public byte[] Secret => _secret;

    /// <summary>When the secret was created, if keys may have been stored before: Unix milliseconds on Redis' clock.</summary>
    public long? UnkeyedUntil { get; private set; }

    /// <exception cref="StartupException">It belongs to another program, or to other settings.</exception>
    /// <param name="now">On Redis' clock.</param>
    public void Initialize(IDatabase redis, long now)
    {
        var before = redis.HashGet(keys.Journal, ["id", "secret"]);
        if (!before[0].IsNull && before[1].IsNull) redis.HashSet(keys.Journal, "unkeyed", now, When.NotExists);
        // Before the id: an id without a secret was created by an earlier version.
        var secret = RandomNumberGenerator.GetHexString(2 * KeyHasher.SecretBytes, lowercase: true);
        redis.HashSet(keys.Journal, "secret", secret, When.NotExists);
        redis.HashSet(keys.Journal, "id", Guid.NewGuid().ToString(), When.NotExists);
        redis.HashSet(keys.Journal, "shards", shards, When.NotExists);
        redis.HashSet(keys.Journal, "format", FormatVersion, When.NotExists);
        var known = redis.HashGetAll(keys.Journal).ToDictionary(field => field.Name.ToString(), field => field.Value.ToString());
        var format = FormatVersion.ToString(CultureInfo.InvariantCulture);
        if (known["format"] != format)
            throw new StartupException($"The journal in Redis was written by a later version of Footfall (format "
            + $"{known["format"]}; this version reads up to {format}).");
        if (known["shards"] != shards.ToString(CultureInfo.InvariantCulture))
            throw new StartupException($"The journal in Redis has {known["shards"]} shards, and Footfall__Redis__Shards is {shards}: it "
                + $"must be the same on all nodes, and can't change once the first one has started.");
        if (!Guid.TryParse(known["id"], out var id)
            || Convert.FromHexString(known["secret"], _secret, out _, out var bytes) != OperationStatus.Done || bytes < _secret.Length)
            throw new StartupException(
                $"The id or the secret of {keys.Journal} in Redis is not that of a Footfall journal. Does another program use this "
                    + $"prefix? " +
                "Footfall__Redis__Prefix chooses another one.");
        Id = id;
        if (known.TryGetValue("unkeyed", out var until)) UnkeyedUntil = long.Parse(until, CultureInfo.InvariantCulture);
    }

    /// <summary>Restores it if Redis has lost it, and reports an error if Redis has another journal.</summary>
    public async Task RestoreAsync(IDatabase redis)
    {
        var secret = Convert.ToHexStringLower(_secret);
        await redis.HashSetAsync(keys.Journal, "secret", secret, When.NotExists);
        var lost = await redis.HashSetAsync(keys.Journal, "id", Id.ToString(), When.NotExists);
        await redis.HashSetAsync(keys.Journal, "shards", shards, When.NotExists);
        await redis.HashSetAsync(keys.Journal, "format", FormatVersion, When.NotExists);
        if (lost) log.IdentityLost(keys.Journal.ToString());
        var found = await redis.HashGetAsync(keys.Journal, ["id", "secret"]);
        if (!Guid.TryParse(found[0].ToString(), out var id) || (id == Id && found[1] == secret) || id == _reportedId) return;
        _reportedId = id;
        log.JournalMismatch(id, Id);
    }
}
