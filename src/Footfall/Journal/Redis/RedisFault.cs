using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>What a failure of Redis means for a batch.</summary>
internal static partial class RedisFault
{
    /// <summary>The prefix of the error of a script that has written something before it failed: see <c>commit.lua</c>.</summary>
    private const string PartialPrefix = "PARTLY ";

    /// <summary>
    /// Temporary errors that end within seconds: a server that starts, a failover, a migrating slot
    /// (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/).
    /// </summary>
    private static readonly string[] TransientPrefixes = ["LOADING", "READONLY", "CLUSTERDOWN", "MASTERDOWN", "TRYAGAIN", "MOVED", "ASK",
        "BUSY", "UNBLOCKED", "ERR WAIT cannot be used with replica"];

    /// <summary>
    /// The error of a script that stops at a key whose slot is migrating to another primary. Nothing was written, since it reads all keys
    /// before it writes.
    /// </summary>
    private const string SlotMigrating = "non local key in a cluster node";

    /// <summary>Errors that an operator must fix, each with a sentence that says how.</summary>
    private static readonly (string Begin, string Sentence)[] KnownErrors =
    [
        ("OOM", "Redis has no memory left (maxmemory): give it more memory, or less data."),
        ("MISCONF", "Redis can't write to its disk: see its own log."),
        ("NOREPLICAS", "Redis has fewer replicas than its min-replicas-to-write."),
        ("CLUSTERDOWN", "Part of the Redis Cluster has no primary."),
        ("READONLY", "Redis is a replica now, and accepts no writes."),
        ("UNBLOCKED", "Redis has become a replica."),
        ("ERR WAIT cannot be used with replica", "Redis is a replica now, and confirms nothing."),
        ("LOADING", "Redis is loading its data after a start."),
        ("NOAUTH", "Redis requires a password: set it in Footfall__Redis__Connection."),
        ("WRONGPASS", "Redis rejects the password in Footfall__Redis__Connection."),
        ("NOPERM", "The Redis user may not access the keys of Footfall, which start with Footfall__Redis__Prefix: docs/redis.md has the "
            + "permissions."),
        ("ERR The user executing the script can't", "The Redis user lacks permissions that Footfall needs: docs/redis.md has them."),
        ("WRONGTYPE", "A Footfall key has the wrong type. Does another program use this prefix (Footfall__Redis__Prefix)?"),
    ];

    /// <summary>Whether Redis or the network fails, and not the program.</summary>
    public static bool IsRedisError(Exception error) => error is RedisException or TimeoutException or ObjectDisposedException;

    /// <summary>Whether an immediate retry may succeed, within the time of a request.</summary>
    public static bool IsTransient(Exception error) =>
        error is not RedisServerException || !IsPartial(error) && (TransientPrefixes.Any(begin =>
            error.Message.StartsWith(begin, StringComparison.Ordinal)) || error.Message.Contains(SlotMigrating, StringComparison.Ordinal));

    /// <summary>Whether Redis may have run the command.</summary>
    public static bool MayHaveExecuted(Exception error) => error switch
    {
        RedisServerException => IsPartial(error),
        RedisTimeoutException timeout => timeout.Commandstatus is not (CommandStatus.WaitingToBeSent or CommandStatus.WaitingInBacklog),
        RedisConnectionException connection =>
            connection.CommandStatus is not (CommandStatus.WaitingToBeSent or CommandStatus.WaitingInBacklog),
        _ => true,
    };

    /// <summary>The same error for readers of the journal that don't know about Redis.</summary>
    public static IOException CreateReadException(Exception error) => new(Describe(error), error);

    /// <summary>A message for a person.</summary>
    public static string Describe(Exception error) => error switch
    {
        RedisServerException when IsPartial(error) => $"Redis rejected part of a batch. {Describe(error.Message[PartialPrefix.Length..])}",
        RedisServerException => Describe(error.Message),
        TimeoutException => "Redis does not respond in time.",
        _ => "Redis can't be reached.",
    };

    /// <param name="reply">An error reply of Redis.</param>
    public static string Describe(string reply)
    {
        if (reply.Contains(SlotMigrating, StringComparison.Ordinal)) return "A slot of the Redis Cluster is moving to another primary.";
        if (DeniedCommandRegex().Match(reply) is { Success: true } refused)
            return $"The Redis user may not run {refused.Groups[1].Value.Replace('|', ' ').ToUpperInvariant()}, which Footfall needs: "
                + $"docs/redis.md has the permissions as a line to copy.";
        foreach (var (begin, description) in KnownErrors)
            if (reply.StartsWith(begin, StringComparison.Ordinal)) return description;
        return $"Redis reports: {reply.ReplaceLineEndings(" ").TrimEnd('.')}.";
    }

    private static bool IsPartial(Exception error) => error.Message.StartsWith(PartialPrefix, StringComparison.Ordinal);

    [GeneratedRegex("^NOPERM .*run the '([^']+)'")]
    private static partial Regex DeniedCommandRegex();
}
