using System.Buffers;
using System.Text;
using Footfall.Common;
using MessagePack;

namespace Footfall.Journal;

/// <summary>A batch that a later version of the program wrote.</summary>
internal sealed class UnsupportedBatchVersionException(string message) : MessagePackSerializationException(message);

/// <summary>
/// The bytes of one commit, in MessagePack: an array of the version and the hits, and each hit a map of numbered fields. A field that is
/// absent has its default; a reader skips numbers that it does not know, and a number is never used again. It outlives versions of the
/// program.
/// </summary>
internal static class BatchFormat
{
    public const int Version = 1;

    /// <summary>The most fields of a map that has a header of one byte (MessagePack's fixmap).</summary>
    private const int MaxShortMapEntries = 15;

    /// <summary>The end of the year 9999, in Unix milliseconds: no clock has a later time.</summary>
    private const long MaxTime = 253_402_300_799_999;

    /// <summary>Takes a hit that was read.</summary>
    /// <param name="opened">Whether a visit began with it.</param>
    /// <param name="details">The fields that the hit brought, as written: <see cref="Hit.DetailsCount"/> pairs.</param>
    public delegate void HitCallback(in Hit hit, bool opened, ReadOnlyMemory<byte> details);

    /// <summary>The fields of a hit.</summary>
    private enum Field
    {
        /// <summary>Unix time in milliseconds.</summary>
        Time = 1,

        /// <summary>The domain; absent for <c>default</c>.</summary>
        Site = 2,

        /// <summary>ISO 3166-1 alpha-2, upper case; absent for <c>ZZ</c>.</summary>
        Country = 3,

        /// <summary>The number of a <see cref="HitKind"/>; absent for a bare visit.</summary>
        Kind = 4,

        /// <summary>The visitor's 64-bit hash; absent for a bare visit.</summary>
        Visitor = 5,

        /// <summary>True where a visit began with the hit.</summary>
        Opened = 6,

        /// <summary>True for a bot.</summary>
        Bot = 7,

        /// <summary>The details of the hit as one value, so that readers can skip it at once: a map, see <c>HitDetailsWriter</c>.</summary>
        Details = 8,
    }

    /// <summary>Writes the beginning of a batch.</summary>
    /// <param name="hits">How many hits follow.</param>
    public static void WriteHeader(ref MessagePackWriter writer, int hits)
    {
        writer.WriteArrayHeader(2);
        writer.Write(Version);
        writer.WriteArrayHeader(hits);
    }

    /// <param name="details">The fields that the hit brought, already encoded: <see cref="Hit.DetailsCount"/> pairs.</param>
    public static void WriteHit(ref MessagePackWriter writer, in Hit hit, bool opened, ReadOnlySpan<byte> details)
    {
        var named = hit.Site.Index != 0;
        var known = hit.Country != Country.Unknown;
        var kind = hit.Kind != HitKind.Visit;
        var visitor = hit.Visitor != 0;
        writer.WriteMapHeader(1 + ToBit(named) + ToBit(known) + ToBit(kind) + ToBit(visitor) + ToBit(opened) + ToBit(hit.Bot)
            + ToBit(hit.DetailsCount > 0));
        writer.Write((byte)Field.Time);
        writer.Write(hit.Time);
        if (named)
        {
            writer.Write((byte)Field.Site);
            writer.WriteString(hit.Site.Utf8);
        }
        if (known)
        {
            writer.Write((byte)Field.Country);
            writer.WriteString(hit.Country.Utf8);
        }
        if (kind)
        {
            writer.Write((byte)Field.Kind);
            writer.Write((byte)hit.Kind);
        }
        if (visitor)
        {
            writer.Write((byte)Field.Visitor);
            writer.Write(hit.Visitor);
        }
        if (opened)
        {
            writer.Write((byte)Field.Opened);
            writer.Write(true);
        }
        if (hit.Bot)
        {
            writer.Write((byte)Field.Bot);
            writer.Write(true);
        }
        if (hit.DetailsCount > 0)
        {
            writer.Write((byte)Field.Details);
            // The header of a map has one byte for up to 15 fields, and three for more.
            writer.WriteBinHeader((hit.DetailsCount <= MaxShortMapEntries ? 1 : 3) + details.Length);
            writer.WriteMapHeader(hit.DetailsCount);
            writer.WriteRaw(details);
        }
    }

    /// <summary>Reads a batch, hit by hit.</summary>
    /// <param name="site">Finds the site of a domain.</param>
    /// <exception cref="Exception">MessagePackSerializationException: the bytes are no batch, or one of a later version.</exception>
    /// <exception cref="UnsupportedBatchVersionException">It is of a later version.</exception>
    public static void Read(ReadOnlyMemory<byte> body, Func<string, Site> site, HitCallback callback)
    {
        var reader = new MessagePackReader(body);
        var defaultSite = site(Site.Default);
        var named = defaultSite;
        for (var left = ReadHeader(ref reader); left > 0; left--)
        {
            var hit = ReadHit(ref reader, defaultSite, ref named, site, out var opened, out var details);
            callback(hit, opened, details);
        }
        if (!reader.End) throw Malformed(null);
    }

    /// <returns>How many hits follow.</returns>
    private static int ReadHeader(ref MessagePackReader reader)
    {
        try
        {
            reader.ReadArrayHeader();
            var version = reader.ReadInt32();
            if (version > Version)
                throw new UnsupportedBatchVersionException($"The batch is of version {version}; this program reads up to {Version}.");
            return reader.ReadArrayHeader();
        }
        catch (Exception error) when (error is not MessagePackSerializationException)
        {
            throw Malformed(error);
        }
    }

    private static Hit ReadHit(
        ref MessagePackReader reader, Site defaultSite, ref Site named, Func<string, Site> site, out bool opened,
        out ReadOnlyMemory<byte> details)
    {
        try
        {
            var (hitSite, time, country, kind, visitor, bot) = (defaultSite, 0L, Country.Unknown, HitKind.Visit, 0UL, false);
            (opened, details) = (false, default);
            byte count = 0;
            for (var fields = reader.ReadMapHeader(); fields > 0; fields--)
            {
                switch ((Field)reader.ReadInt32())
                {
                    case Field.Time: time = reader.ReadInt64(); break;
                    case Field.Site: hitSite = named = ReadSite(ref reader, named, site); break;
                    case Field.Country: country = ReadCountry(ref reader); break;
                    case Field.Kind: kind = (HitKind)reader.ReadByte(); break;
                    case Field.Visitor: visitor = reader.ReadUInt64(); break;
                    case Field.Opened: opened = reader.ReadBoolean(); break;
                    case Field.Bot: bot = reader.ReadBoolean(); break;
                    case Field.Details:
                        // One segment, as the body is.
                        details = reader.ReadBytes()!.Value.First;
                        count = ReadDetailsCount(ref details);
                        break;
                    default: reader.Skip(); break;
                }
            }
            if (time is < 0 or > MaxTime) throw Malformed(null);
            return new Hit(hitSite, time, country, kind, bot, visitor, 0, 0, details.Length, count);
        }
        catch (Exception error) when (error is not MessagePackSerializationException)
        {
            throw Malformed(error);
        }
    }

    /// <param name="cause">MessagePack throws other types of exceptions for truncated bytes and for numbers out of range.</param>
    private static MessagePackSerializationException Malformed(Exception? cause) => new("The bytes are not a batch.", cause);

    /// <summary>Copies a batch, as it is written, without the hits of a site.</summary>
    /// <param name="kept">How many are left.</param>
    /// <returns>The bytes; null where the batch has none of the site.</returns>
    /// <exception cref="Exception">MessagePackSerializationException: the bytes are no batch, or one of a later version.</exception>
    public static byte[]? RemoveSite(ReadOnlyMemory<byte> body, ReadOnlySpan<byte> domain, out int kept)
    {
        var reader = new MessagePackReader(body);
        var count = ReadHeader(ref reader);
        var hits = new List<ReadOnlySequence<byte>>();
        for (var left = count; left > 0; left--)
        {
            var start = reader.Position;
            if (!IsOfSite(ref reader, domain)) hits.Add(reader.Sequence.Slice(start, reader.Position));
        }
        kept = hits.Count;
        if (kept == count) return null;
        var output = new ArrayBufferWriter<byte>(body.Length);
        var writer = new MessagePackWriter(output);
        WriteHeader(ref writer, kept);
        foreach (var hit in hits) writer.WriteRaw(hit);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Skips a hit, and returns whether it is of a site.</summary>
    private static bool IsOfSite(ref MessagePackReader reader, ReadOnlySpan<byte> domain)
    {
        var same = domain.SequenceEqual("default"u8);
        for (var fields = reader.ReadMapHeader(); fields > 0; fields--)
        {
            if ((Field)reader.ReadInt32() == Field.Site && reader.TryReadStringSpan(out var name)) same = name.SequenceEqual(domain);
            else reader.Skip();
        }
        return same;
    }

    /// <summary>Most hits of a batch are of the same site, whose name is then compared, and not allocated again.</summary>
    private static Site ReadSite(ref MessagePackReader reader, Site last, Func<string, Site> site)
    {
        reader.TryReadStringSpan(out var domain);
        return domain.SequenceEqual(last.Utf8) ? last : site(Encoding.UTF8.GetString(domain));
    }

    /// <summary>Reads how many fields a hit brought, and steps over it.</summary>
    private static byte ReadDetailsCount(ref ReadOnlyMemory<byte> details)
    {
        var reader = new MessagePackReader(details);
        var count = reader.ReadMapHeader();
        details = details[(int)reader.Consumed..];
        return checked((byte)count);
    }

    private static Country ReadCountry(ref MessagePackReader reader)
    {
        reader.TryReadStringSpan(out var code);
        if (code is not [>= (byte)'A' and <= (byte)'Z', >= (byte)'A' and <= (byte)'Z']) throw Malformed(null);
        return Country.FromStored([(char)code[0], (char)code[1]]);
    }

    private static int ToBit(bool value) => value ? 1 : 0;
}
