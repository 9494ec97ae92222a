using System.Globalization;
using Footfall.Words;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>A place in the stream of a shard: the id of an entry.</summary>
/// <param name="Time">When it was committed: Unix time in milliseconds on Redis' clock.</param>
/// <param name="Number">Of the entry within the shard, from 1.</param>
internal readonly record struct StreamPlace(long Time, long Number)
{
    public RedisValue Id => string.Create(CultureInfo.InvariantCulture, $"{Time}-{Number}");

    public static StreamPlace Of(RedisValue id)
    {
        var text = id.ToString().AsSpan();
        var dash = text.IndexOf('-');
        return new StreamPlace(long.Parse(text[..dash], CultureInfo.InvariantCulture), long.Parse(text[(dash + 1)..], CultureInfo.InvariantCulture));
    }
}

/// <summary>Reads the hits of an entry: as they were sent, with what the script decided about them.</summary>
internal static class StreamHits
{
    /// <summary>The site that was deleted with an entry, which has no hits: all that the shard had of it before is gone. Null for an entry of hits.</summary>
    public static string? DeletedSite(in StreamEntry entry) => (string?)entry["deleted"];

    /// <exception cref="MessagePack.MessagePackSerializationException">The bytes are no batch, or one of a later version.</exception>
    public static void Read(in StreamEntry entry, Func<string, Site> site, BatchFormat.Reader read)
    {
        var decisions = (byte[])entry["decisions"]!;
        var next = 0;
        BatchFormat.Read((byte[])entry["hits"]!, site, (in hit, opened, details) =>
        {
            if (next >= decisions.Length) read(hit, opened, details);
            else if (decisions[next++] is var decision && decision != '2') read(hit, decision == '1', details);
        });
    }
}
