using System.Globalization;
using Footfall.Common;
using MessagePack;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>An offset in the stream of a shard: the id of an entry.</summary>
/// <param name="Time">When it was committed: Unix time in milliseconds on Redis' clock.</param>
/// <param name="Sequence">The number of the entry within the shard, from 1.</param>
internal readonly record struct StreamOffset(long Time, long Sequence)
{
    public RedisValue EntryId => string.Create(CultureInfo.InvariantCulture, $"{Time}-{Sequence}");

    public static StreamOffset Parse(RedisValue id)
    {
        var text = id.ToString().AsSpan();
        var dash = text.IndexOf('-');
        return new StreamOffset(ParsePart(text[..dash]), ParsePart(text[(dash + 1)..]));
    }

    /// <summary>The offset after an entry that no node wrote. All entries of nodes come after it, by number and by id.</summary>
    public StreamOffset AfterForeign(StreamOffset foreign) =>
        this with { Time = foreign.Sequence > Sequence && foreign.Time < long.MaxValue ? foreign.Time + 1 : foreign.Time };

    /// <summary>Ids from nodes are far below Redis' maximum of unsigned 64 bits.</summary>
    private static long ParsePart(ReadOnlySpan<char> text) =>
        (long)Math.Min(ulong.Parse(text, CultureInfo.InvariantCulture), long.MaxValue);
}

/// <summary>A hit of an entry, with its decision.</summary>
/// <param name="Details">As in <see cref="BatchFormat.HitCallback"/>.</param>
internal readonly record struct StreamHit(Hit Hit, bool Opened, ReadOnlyMemory<byte> Details);

/// <summary>Reads the hits of an entry, as sent, with the decisions of the script.</summary>
internal static class StreamEntryReader
{
    /// <summary>
    /// The site that a deletion entry, which has no hits, deleted: all its earlier data in the shard is deleted. Null for an entry with
    /// hits.
    /// </summary>
    public static string? ReadDeletedSite(in StreamEntry entry) => (string?)entry["deleted"];

    /// <summary>Reads all hits of an entry, or none.</summary>
    /// <param name="hits">Receives the hits; cleared first.</param>
    /// <returns>False for an entry that no node wrote: any client of Redis can add to a stream.</returns>
    /// <exception cref="UnsupportedBatchVersionException">It is from a later version.</exception>
    public static bool TryRead(in StreamEntry entry, Func<string, Site> site, List<StreamHit> hits)
    {
        hits.Clear();
        if ((byte[]?)entry["hits"] is not { } batch || (byte[]?)entry["decisions"] is not { } decisions) return false;
        if (!entry["count"].TryParse(out long _)) return false;
        try
        {
            var next = 0;
            BatchFormat.Read(batch, site, (in hit, opened, details) =>
            {
                if (next >= decisions.Length) hits.Add(new StreamHit(hit, opened, details));
                else if (decisions[next++] is var decision && decision != '2') hits.Add(new StreamHit(hit, decision == '1', details));
            });
            return true;
        }
        catch (MessagePackSerializationException error) when (error is not UnsupportedBatchVersionException)
        {
            return false;
        }
    }
}
