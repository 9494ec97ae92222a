using Footfall.Common;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// The names of the keys. All keys of a shard have its number as hash tag, so that they are in one Cluster slot and one script may access
/// them all (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags). <c>docs/redis.md</c> lists them.
/// </summary>
internal sealed class RedisKeys
{
    private readonly string _prefix;
    private readonly Shard[] _shards;

    public RedisKeys(string prefix, int shards)
    {
        _prefix = prefix;
        _shards = [.. Enumerable.Range(0, shards).Select(number => new Shard(number, $"{prefix}:{{{number}}}:"))];
    }

    /// <summary>The keys of one shard.</summary>
    internal sealed record Shard(int Number, string Prefix)
    {
        /// <summary>A hash: the number and the time of the last entry of the stream.</summary>
        public RedisKey Meta { get; } = Prefix + "meta";

        /// <summary>
        /// The hits. The id of an entry is its time on Redis' clock, in milliseconds, and its number within the shard, without gaps from 1.
        /// </summary>
        public RedisKey Stream { get; } = Prefix + "stream";

        /// <summary>A hash: what was imported one by one.</summary>
        public RedisKey Imported { get; } = Prefix + "imported";

        /// <summary>A hash: the recently deleted sites, and the number of the deletion entry.</summary>
        public RedisKey Deleted { get; } = Prefix + "deleted";

        /// <summary>A hash: visits by country, all-time.</summary>
        public RedisKey Visits(string domain) => $"{Prefix}visits:{domain}";

        /// <summary>A hash: the progress of the imports of a source.</summary>
        public RedisKey Imports(string source) => $"{Prefix}imports:{source}";

        /// <summary>Two keys for a script.</summary>
        public RedisKey[] MetaAndStream => [Meta, Stream];
    }

    public IReadOnlyList<Shard> Shards => _shards;

    /// <summary>A hash: the identity of the journal.</summary>
    public RedisKey Journal => _prefix + ":journal";

    /// <summary>The seen keys of all shards, as a pattern for SCAN. The last 8 bytes of a name are the hash.</summary>
    public RedisValue SeenPattern => _prefix + ":{*}:k:????????";

    /// <summary>A hash: for each node with a history, when it last registered and how far it has read each stream.</summary>
    public RedisKey Consumers => _prefix + ":readers";

    /// <summary>The process that owns a history name, while it runs.</summary>
    public RedisKey ConsumerLock(string node) => $"{_prefix}:reader:{node}";

    /// <summary>The node that trims the streams at the moment.</summary>
    public RedisKey TrimmerLock => _prefix + ":trimmer";

    /// <summary>A salt. The day is in days since 1970-01-01.</summary>
    public RedisKey Salt(string domain, int day) => $"{_prefix}:salt:{domain}:{day}";

    /// <summary>The requests of one client in a minute.</summary>
    public RedisKey Rate(string client) => $"{_prefix}:rate:{client}";

    /// <summary>The permanent shard of a site: the hash is XxHash3, which never changes.</summary>
    public int ShardOf(string domain) => (int)(StoredKeyFormat.HashSite(domain) % (ulong)_shards.Length);

    /// <summary>The shard of a site.</summary>
    public Shard GetShard(Site site) => _shards[ShardOf(site.Domain)];
}
