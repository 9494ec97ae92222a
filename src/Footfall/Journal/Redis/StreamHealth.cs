using System.Globalization;

namespace Footfall.Journal.Redis;

/// <summary>Which of the streams can't be read, and why. One that a primary does not answer says nothing of the others.</summary>
internal sealed class StreamHealth(RedisLink link, StreamReads reads, ILogger log, TimeProvider time)
{
    /// <summary>For how long a stream may not be read before it is told of; and after which an answer that is under way is none any more.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3), Late = TimeSpan.FromSeconds(20);

    private readonly string?[] _troubles = new string?[link.Keys.Shards.Count];
    private readonly long[] _read = [.. link.Keys.Shards.Select(_ => time.GetTimestamp())];
    private readonly Task[] _probes = [.. link.Keys.Shards.Select(static _ => Task.CompletedTask)];
    private readonly long[] _probed = new long[link.Keys.Shards.Count];
    private bool _told;

    /// <summary>Whether any stream can be read.</summary>
    public bool Works => _troubles.Any(static trouble => trouble is null);

    /// <summary>How many can't be read, and why; null while all can.</summary>
    public string? Trouble { get; private set; }

    /// <summary>A stream has answered.</summary>
    public void Answered(int shard)
    {
        _read[shard] = time.GetTimestamp();
        _troubles[shard] = null;
    }

    public void Failed(int shard, Exception error)
    {
        if (time.GetElapsedTime(_read[shard]) > Patience) _troubles[shard] = RedisTrouble.Sentence(error);
    }

    /// <summary>Asks for those whose answer is long under way whether their server answers at all: many megabytes take their time. Says it where some began to fail, or all can be read again.</summary>
    public void Look()
    {
        foreach (var shard in link.Keys.Shards)
        {
            if (reads.Waits(shard.Number) is var waits && waits <= Patience) continue;
            if (waits > Late) Failed(shard.Number, new TimeoutException());
            else if (_probes[shard.Number].IsCompleted && time.GetElapsedTime(_probed[shard.Number]) > Patience / 6) _probes[shard.Number] = ProbeAsync(shard);
        }
        var failing = _troubles.Where(static trouble => trouble is not null).ToList();
        Trouble = failing.Count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{failing.Count} of {_troubles.Length} shards can't be read: {failing[0]}");
        if (_told == Trouble is not null) return;
        _told = !_told;
        if (_told) log.TailFailed(failing.Count, _troubles.Length, failing[0]!);
        else log.TailRecovered();
    }

    private async Task ProbeAsync(RedisKeys.Shard shard)
    {
        try
        {
            await link.Beside.KeyExistsAsync(shard.Meta);
        }
        catch (Exception error) when (RedisTrouble.IsOfRedis(error))
        {
            if (reads.Waits(shard.Number) > Patience) Failed(shard.Number, error);
        }
        _probed[shard.Number] = time.GetTimestamp();
    }
}
