using System.Buffers.Binary;
using System.Globalization;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// Checks that the Redis user has all required permissions. Each command runs once at startup, on temporary keys: a command denied in the
/// middle of a script would leave a batch half written, and the script would not report which one it was.
/// </summary>
internal static class RedisPermissionCheck
{
    private const string Domain = "start";
    private const long Minute = 60_000;

    /// <exception cref="RedisServerException">Redis denies a command; <see cref="RedisFault.Describe(Exception)"/> names it.</exception>
    public static void Check(IDatabase redis, string prefix, int minReplicas, long now)
    {
        var shard = new RedisKeys.Shard(0, $"{prefix}:{{start}}:");
        RedisKey Key(string name) => shard.Prefix + name;
        Run("SET", Key("text"), 1, "PX", Minute);
        foreach (var command in (string[])["GET", "MGET", "PTTL", "EXISTS", "INCR"]) Run(command, Key("text"));
        Run("PEXPIRE", Key("text"), Minute);
        Run("HSET", Key("hash"), "a", 1);
        Run("HSETNX", Key("hash"), "a", 1);
        Run("HMGET", Key("hash"), "a");
        foreach (var command in (string[])["HGETALL", "HVALS"]) Run(command, Key("hash"));
        Run("HDEL", Key("hash"), "b");
        Run("SADD", Key("set"), "a");
        Run("SMEMBERS", Key("set"));
        Run("SREM", Key("set"), "b");
        Run("XADD", Key("list"), "*", "a", 1);
        Run("XLEN", Key("list"));
        Run("XRANGE", Key("list"), "-", "+", "COUNT", 1);
        Run("XREAD", "COUNT", 1, "STREAMS", Key("list"), "0");
        Run("XTRIM", Key("list"), "MINID", "0");
        Run("MEMORY", "USAGE", Key("list"));
        Run("EVAL", "return redis.call('EXISTS', KEYS[1])", 1, Key("text"));
        if (minReplicas > 0) Run("WAIT", 0, 1);
        CheckScripts(redis, shard, now);
        Run("DEL", Key("text"));
        Run("UNLINK", Key("text"), Key("hash"), Key("set"), Key("list"), Key("sites"), Key("node:" + Domain), Key("rate"), shard.Meta,
            shard.Stream, shard.Deleted);

        void Run(string command, params object[] arguments) => redis.Execute(command, arguments);
    }

    /// <summary>Counts one visit, repeats it, reads it and deletes it.</summary>
    private static void CheckScripts(IDatabase redis, RedisKeys.Shard shard, long now)
    {
        var visit = new byte[ShardBatch.HitBytes];
        BinaryPrimitives.WriteDoubleLittleEndian(visit.AsSpan(24), now);
        "US"u8.CopyTo(visit.AsSpan(34));
        BinaryPrimitives.WriteInt32LittleEndian(visit.AsSpan(36), (int)(now / TimeSpan.MillisecondsPerDay));
        visit[40] = ShardBatch.VisitFlag;
        RedisValue[] batch = [shard.Prefix, Domain, 1, now + Minute, visit, "", RedisSiteEraser.EmptyBatch, 1, 1, Domain];
        for (var time = 1; time <= 2; time++) ShardWriter.CommitScript.Run(redis, shard.MetaAndStream, batch);
        StreamFollower.OpenScript.Run(redis, [shard.Meta], [shard.Prefix]);
        RedisSiteEraser.DeleteScript.Run(redis, shard.MetaAndStream, [shard.Prefix, Domain, RedisSiteEraser.EmptyBatch]);
        RedisRateCounter.Script.Run(redis, [shard.Prefix + "rate"], [Minute.ToString(CultureInfo.InvariantCulture)]);
    }
}
