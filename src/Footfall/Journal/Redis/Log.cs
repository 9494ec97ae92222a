namespace Footfall.Journal.Redis;

internal static partial class Log
{
    [LoggerMessage(121, LogLevel.Information, "The journal is on Redis {Version} at {Servers}, {Kind}, {Shards} shards under the name {Prefix}.")]
    public static partial void Connected(this ILogger logger, string version, string servers, string kind, int shards, string prefix);

    [LoggerMessage(122, LogLevel.Warning, "Redis at {Server} keeps its data in memory only (appendonly is off): when it stops, counts since its last snapshot are lost. Set appendonly yes.")]
    public static partial void AppendOnlyDisabled(this ILogger logger, string server);

    [LoggerMessage(120, LogLevel.Warning, "{Option} in Footfall__Redis__Connection is passed over: Footfall sets it itself.")]
    public static partial void OptionIgnored(this ILogger logger, string option);

    [LoggerMessage(123, LogLevel.Error, "Shard {Shard} of the journal can't be written: {Reason} Hits are answered 503 until it can.")]
    public static partial void ShardFailed(this ILogger logger, int shard, string reason);

    [LoggerMessage(124, LogLevel.Information, "Shard {Shard} of the journal can be written again.")]
    public static partial void ShardRecovered(this ILogger logger, int shard);

    [LoggerMessage(125, LogLevel.Critical, "A defect in the journal on Redis.")]
    public static partial void UnexpectedError(this ILogger logger, Exception error);

    [LoggerMessage(126, LogLevel.Warning, "The clock of this node is {Seconds:F1} seconds ahead of Redis' (less than 0: behind): hits are counted by Redis' clock. Set the clock of this machine (NTP).")]
    public static partial void ClockSkewed(this ILogger logger, double seconds);

    [LoggerMessage(127, LogLevel.Error, "{Failing} of {Shards} streams of Redis can't be read: {Reason} The live picture of their sites stands still until they can.")]
    public static partial void FollowerFailed(this ILogger logger, int failing, int shards, string reason);

    [LoggerMessage(128, LogLevel.Information, "The streams of Redis can be read again.")]
    public static partial void FollowerRecovered(this ILogger logger);

    [LoggerMessage(129, LogLevel.Warning, "The stream of shard {Shard} goes on at {Found} and not at {Expected}: the live picture of its sites is taken from Redis anew. After a failover that lost writes, or a node that was away for longer than the stream is kept.")]
    public static partial void StreamGap(this ILogger logger, int shard, long found, long expected);

    [LoggerMessage(130, LogLevel.Error, "{Entries} batches of shard {Shard} that the history of node {Node} has not read are cut from the stream: {Reason} That history lacks them for good.")]
    public static partial void UnreadTrimmed(this ILogger logger, long entries, int shard, string node, string reason);

    [LoggerMessage(131, LogLevel.Warning, "The history of node {Node} is {Hours:F1} hours behind: at {Limit} hours what it has not read is cut from the streams. If that node is gone for good: redis-cli HDEL {Key} {Node}.")]
    public static partial void ConsumerFarBehind(this ILogger logger, string node, double hours, int limit, string key);

    [LoggerMessage(143, LogLevel.Warning, "The streams take {Megabytes} MiB, and the history of node {Node} has not read the oldest of them: at {Limit} MiB they are cut. If that node is gone for good: redis-cli HDEL {Key} {Node}.")]
    public static partial void ConsumerHoldsMemory(this ILogger logger, string node, long megabytes, int limit, string key);

    [LoggerMessage(144, LogLevel.Error, "The field {Node} of {Key} is none that Footfall wrote: the streams are not kept for it. Take it out: redis-cli HDEL {Key} {Node}.")]
    public static partial void ConsumerUnreadable(this ILogger logger, string node, string key);

    [LoggerMessage(139, LogLevel.Error, "How far the history has read could not be told to the other nodes: {Reason}")]
    public static partial void ConsumerRegistrationFailed(this ILogger logger, string reason);

    [LoggerMessage(145, LogLevel.Warning, "Another node that runs has the name {Node} for its history, since one data directory is a copy of the other: this history is {Renamed} from now on.")]
    public static partial void ConsumerRenamed(this ILogger logger, string node, string renamed);

    [LoggerMessage(136, LogLevel.Error, "Nothing was heard of node {Node} for {Hours} hours: the streams are not kept for its history any more.")]
    public static partial void ConsumerExpired(this ILogger logger, string node, int hours);

    [LoggerMessage(132, LogLevel.Error, "The streams could not be trimmed: {Reason} The next try is in a minute.")]
    public static partial void TrimFailed(this ILogger logger, string reason);

    [LoggerMessage(137, LogLevel.Warning, "Redis had lost {Key}, which names the journal: it was started without its data, or emptied. This node has put it back. Counts are those of what Redis still had; a history keeps what it has read.")]
    public static partial void IdentityLost(this ILogger logger, string key);

    [LoggerMessage(138, LogLevel.Error, "Redis has another journal now ({Found}; this node has that of {Id}): it lost its data, and a node that started made a new one; or this is another Redis. This node goes on counting. With a history it would count again what it has read, once it is started anew: stop it, and delete history.duckdb and positions.db, or put both back from a copy that was made of the journal {Found}.")]
    public static partial void JournalMismatch(this ILogger logger, Guid found, Guid id);

    [LoggerMessage(133, LogLevel.Information, "Read {Hits} hits of the last 35 minutes and {Counters} counters from Redis.")]
    public static partial void StreamsLoaded(this ILogger logger, long hits, int counters);

    [LoggerMessage(146, LogLevel.Error,
        "The stream of shard {Shard} has an entry that no node of Footfall wrote ({Entry}). It is left out. "
        + "Does another program write under this name (Footfall__Redis__Prefix)? Further ones are only counted: "
        + "footfall_stream_foreign_entries_total.")]
    public static partial void ForeignEntry(this ILogger logger, int shard, string entry);

    [LoggerMessage(147, LogLevel.Error,
        "{Key} in Redis has a field {Field} that is no counter of visits: GET /stats of its site is 503, "
        + "and hits from there too. Did another program write it? Put the right number there: redis-cli HSET {Key} {Field} NUMBER.")]
    public static partial void InvalidCounter(this ILogger logger, string key, string field);

    [LoggerMessage(134, LogLevel.Warning, "Requests are counted by this node alone, since Redis can't count them: {Reason}")]
    public static partial void RateCountingFailed(this ILogger logger, string reason);

    [LoggerMessage(135, LogLevel.Error, "The stream of shard {Shard} goes on at {Found} behind {Known}, which the history has: Redis has lost batches that it had confirmed. The history keeps them, the counters do not.")]
    public static partial void StreamDataLost(this ILogger logger, int shard, long found, long known);
}
