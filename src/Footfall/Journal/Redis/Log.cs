namespace Footfall.Journal.Redis;

internal static partial class Log
{
    [LoggerMessage(121, LogLevel.Information,
        "The journal is on Redis {Version} at {Servers}, {Kind}, {Shards} shards under the name {Prefix}.")]
    public static partial void Connected(this ILogger logger, string version, string servers, string kind, int shards, string prefix);

    [LoggerMessage(122, LogLevel.Warning,
        "Redis at {Server} keeps its data in memory only (appendonly is off): when it stops, counts since its last snapshot are lost. " +
        "Set appendonly yes.")]
    public static partial void AppendOnlyDisabled(this ILogger logger, string server);

    [LoggerMessage(120, LogLevel.Warning, "{Option} in Footfall__Redis__Connection is ignored: Footfall sets it itself.")]
    public static partial void OptionIgnored(this ILogger logger, string option);

    [LoggerMessage(123, LogLevel.Error, "Shard {Shard} of the journal can't be written: {Reason} Hits get a 503 response until it can.")]
    public static partial void ShardFailed(this ILogger logger, int shard, string reason);

    [LoggerMessage(124, LogLevel.Information, "Shard {Shard} of the journal can be written again.")]
    public static partial void ShardRecovered(this ILogger logger, int shard);

    [LoggerMessage(125, LogLevel.Critical, "The journal on Redis failed because of a bug.")]
    public static partial void UnexpectedError(this ILogger logger, Exception error);

    [LoggerMessage(126, LogLevel.Warning, "The clock of this node is {Seconds:F1} seconds ahead of Redis (negative: behind). Hits are "
        + "counted by the Redis clock. Synchronize the clock of this machine (NTP).")]
    public static partial void ClockSkewed(this ILogger logger, double seconds);

    [LoggerMessage(127, LogLevel.Error, "{Failing} of {Shards} Redis streams can't be read: {Reason} The live statistics of their sites "
        + "are frozen until they can.")]
    public static partial void FollowerFailed(this ILogger logger, int failing, int shards, string reason);

    [LoggerMessage(128, LogLevel.Information, "The Redis streams can be read again.")]
    public static partial void FollowerRecovered(this ILogger logger);

    [LoggerMessage(129, LogLevel.Warning, "The stream of shard {Shard} continues at {Found} instead of {Expected}: the live statistics of "
        + "its sites are read from Redis again. This happens after a failover that lost writes, or when a node was away longer than the "
        + "stream is kept.")]
    public static partial void StreamGap(this ILogger logger, int shard, long found, long expected);

    [LoggerMessage(130, LogLevel.Error, "{Entries} batches of shard {Shard} that the history of node {Node} has not read were removed "
        + "from the stream: {Reason} That history lacks them permanently.")]
    public static partial void UnreadTrimmed(this ILogger logger, long entries, int shard, string node, string reason);

    [LoggerMessage(131, LogLevel.Warning, "The history of node {Node} is {Hours:F1} hours behind: at {Limit} hours, the batches it has "
        + "not read are removed from the streams. If that node is gone for good: redis-cli HDEL {Key} {Node}.")]
    public static partial void ConsumerFarBehind(this ILogger logger, string node, double hours, int limit, string key);

    [LoggerMessage(143, LogLevel.Warning, "The streams take {Megabytes} MiB, and the history of node {Node} has not read the oldest "
        + "batches: at {Limit} MiB they are removed. If that node is gone for good: redis-cli HDEL {Key} {Node}.")]
    public static partial void ConsumerHoldsMemory(this ILogger logger, string node, long megabytes, int limit, string key);

    [LoggerMessage(144, LogLevel.Error, "The field {Node} of {Key} was not written by Footfall: the streams are not kept for it. Remove "
        + "it: redis-cli HDEL {Key} {Node}.")]
    public static partial void ConsumerUnreadable(this ILogger logger, string node, string key);

    [LoggerMessage(139, LogLevel.Error, "The read position of the history could not be shared with the other nodes: {Reason}")]
    public static partial void ConsumerRegistrationFailed(this ILogger logger, string reason);

    [LoggerMessage(145, LogLevel.Warning, "Another running node uses the name {Node} for its history, because one data directory is a "
        + "copy of the other: this history is named {Renamed} from now on.")]
    public static partial void ConsumerRenamed(this ILogger logger, string node, string renamed);

    [LoggerMessage(136, LogLevel.Error, "Node {Node} has not reported for {Hours} hours: the streams are no longer kept for its history.")]
    public static partial void ConsumerExpired(this ILogger logger, string node, int hours);

    [LoggerMessage(132, LogLevel.Error, "The streams could not be trimmed: {Reason} The next attempt is in a minute.")]
    public static partial void TrimFailed(this ILogger logger, string reason);

    [LoggerMessage(137, LogLevel.Warning, "Redis lost {Key}, which identifies the journal: Redis was started without its data, or "
        + "emptied. This node has restored the key. Counts are those that Redis still had; a history keeps what it has read.")]
    public static partial void IdentityLost(this ILogger logger, string key);

    [LoggerMessage(138, LogLevel.Error, "Redis has a different journal now ({Found}; this node uses {Id}): Redis lost its data and a "
        + "starting node created a new journal, or this is another Redis. This node keeps counting. If it has a history, the history "
        + "would count its hits again after a restart: stop the node, and delete history.duckdb and positions.db, or restore both from a "
        + "copy made with the journal {Found}.")]
    public static partial void JournalMismatch(this ILogger logger, Guid found, Guid id);

    [LoggerMessage(133, LogLevel.Information, "Read {Hits} hits of the last 35 minutes and {Counters} counters from Redis.")]
    public static partial void StreamsLoaded(this ILogger logger, long hits, int counters);

    [LoggerMessage(146, LogLevel.Error,
        "The stream of shard {Shard} has an entry that no Footfall node wrote ({Entry}). It is skipped. "
        + "Does another program use this prefix (Footfall__Redis__Prefix)? Further ones are only counted: "
        + "footfall_stream_foreign_entries_total.")]
    public static partial void ForeignEntry(this ILogger logger, int shard, string entry);

    [LoggerMessage(147, LogLevel.Error,
        "{Key} in Redis has a field {Field} that is not a visit counter: GET /stats returns 503 for its site, "
        + "and so do hits from that country. Did another program write it? Set the right number: redis-cli HSET {Key} {Field} NUMBER.")]
    public static partial void InvalidCounter(this ILogger logger, string key, string field);

    [LoggerMessage(134, LogLevel.Warning, "This node counts requests by itself, because Redis can't count them: {Reason}")]
    public static partial void RateCountingFailed(this ILogger logger, string reason);

    [LoggerMessage(135, LogLevel.Error, "The stream of shard {Shard} continues at {Found}, before {Known}, which the history already has: "
        + "Redis lost batches that it had confirmed. The history keeps them, but the counters do not.")]
    public static partial void StreamDataLost(this ILogger logger, int shard, long found, long known);
}
