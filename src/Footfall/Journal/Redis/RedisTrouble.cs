using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>What a failure of Redis means for a batch.</summary>
internal static class RedisTrouble
{
    /// <summary>
    /// What passes by itself within seconds: a server that starts, a failover, a slot on its way
    /// (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/).
    /// </summary>
    private static readonly string[] Passing = ["LOADING", "READONLY", "CLUSTERDOWN", "MASTERDOWN", "TRYAGAIN", "MOVED", "ASK", "BUSY", "UNBLOCKED", "ERR WAIT cannot be used with replica"];

    /// <summary>What a script says that ends at a key whose slot is on its way to another primary. Nothing was written: it reads all it writes before.</summary>
    private const string OnItsWay = "non local key in a cluster node";

    /// <summary>What an operator has to change: the sentence says what.</summary>
    private static readonly (string Begin, string Sentence)[] Known =
    [
        ("OOM", "Redis has no memory left (maxmemory): give it more, or let it keep less."),
        ("MISCONF", "Redis can't write to its disk: see its own log."),
        ("NOREPLICAS", "Redis has fewer replicas than its min-replicas-to-write."),
        ("CLUSTERDOWN", "A part of the Redis Cluster has no primary."),
        ("READONLY", "Redis is a replica now, and takes no writes."),
        ("UNBLOCKED", "Redis has become a replica."),
        ("ERR WAIT cannot be used with replica", "Redis is a replica now, and confirms nothing."),
        ("LOADING", "Redis reads its data back after a start."),
        ("NOAUTH", "Redis wants a password: give it in Footfall__Redis__Connection."),
        ("WRONGPASS", "Redis does not take the password of Footfall__Redis__Connection."),
        ("NOPERM", "Redis does not let this user do what Footfall needs: docs/Redis.md lists the commands."),
    ];

    /// <summary>Whether it is Redis or the way there that fails, and not the program.</summary>
    public static bool IsOfRedis(Exception error) => error is RedisException or TimeoutException or ObjectDisposedException;

    /// <summary>Whether the same may succeed at once, so that it is tried again within a request's time.</summary>
    public static bool Passes(Exception error) =>
        error is not RedisServerException || Passing.Any(begin => error.Message.StartsWith(begin, StringComparison.Ordinal)) || error.Message.Contains(OnItsWay, StringComparison.Ordinal);

    /// <summary>Whether Redis may have done what it was sent.</summary>
    public static bool MayBeDone(Exception error) => error switch
    {
        RedisServerException => false,
        RedisTimeoutException timeout => timeout.Commandstatus is not (CommandStatus.WaitingToBeSent or CommandStatus.WaitingInBacklog),
        RedisConnectionException connection => connection.CommandStatus is not (CommandStatus.WaitingToBeSent or CommandStatus.WaitingInBacklog),
        _ => true,
    };

    /// <summary>The same for whoever reads the journal and knows nothing of Redis.</summary>
    public static IOException NotRead(Exception error) => new(Sentence(error), error);

    /// <summary>For a person.</summary>
    public static string Sentence(Exception error)
    {
        if (error.Message.Contains(OnItsWay, StringComparison.Ordinal)) return "A slot of the Redis Cluster is on its way to another primary.";
        foreach (var (begin, sentence) in Known)
            if (error.Message.StartsWith(begin, StringComparison.Ordinal)) return sentence;
        return error switch
        {
            RedisServerException => $"Redis refuses: {error.Message}",
            TimeoutException => "Redis does not answer in time.",
            _ => "Redis can't be reached.",
        };
    }
}
