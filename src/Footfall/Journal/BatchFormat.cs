using System.Buffers;
using Footfall.Words;
using MessagePack;

namespace Footfall.Journal;

/// <summary>
/// The bytes of one commit, in MessagePack: an array of the version and the hits, and each hit a map of numbered fields. A field that is absent
/// has its default; a reader skips numbers that it does not know, and a number is never used again. It outlives versions of the program.
/// </summary>
internal static class BatchFormat
{
    public const int Version = 1;

    /// <summary>The fields of a hit that the journal itself writes. Those from 16 on are details: see <c>HitDetails</c>.</summary>
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

        /// <summary>True for a robot.</summary>
        Bot = 7,
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
        writer.WriteMapHeader(1 + Bit(named) + Bit(known) + Bit(kind) + Bit(visitor) + Bit(opened) + Bit(hit.Bot) + hit.DetailsCount);
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
        writer.WriteRaw(details);
    }

    /// <summary>Reads a batch, hit by hit.</summary>
    /// <param name="site">Finds the site of a domain.</param>
    /// <param name="read">Takes a hit, whether it opened a visit, and its details as written.</param>
    /// <exception cref="MessagePackSerializationException">The bytes are no batch, or one of a later version.</exception>
    public static void Read(ReadOnlyMemory<byte> body, Func<string, Site> site, Action<Hit, bool, ReadOnlySequence<byte>> read)
    {
        var reader = new MessagePackReader(body);
        reader.ReadArrayHeader();
        var version = reader.ReadInt32();
        if (version > Version) throw new MessagePackSerializationException($"The batch is of version {version}; this program reads up to {Version}.");
        var last = site(Site.Default);
        var none = last;
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            var (hit, opened) = (new Hit(none, 0, Country.Unknown, HitKind.Visit, false, 0, 0, 0, 0, 0), false);
            SequencePosition? details = null;
            for (var fields = reader.ReadMapHeader(); fields > 0; fields--)
            {
                var start = reader.Position;
                switch ((Field)reader.ReadInt32())
                {
                    case Field.Time: hit = hit with { Time = reader.ReadInt64() }; break;
                    case Field.Site:
                        var domain = reader.ReadString()!;
                        hit = hit with { Site = last = domain == last.Domain ? last : site(domain) };
                        break;
                    case Field.Country:
                        hit = hit with { Country = Country.Stored(reader.ReadString()!) };
                        break;
                    case Field.Kind: hit = hit with { Kind = (HitKind)reader.ReadByte() }; break;
                    case Field.Visitor: hit = hit with { Visitor = reader.ReadUInt64() }; break;
                    case Field.Opened: opened = reader.ReadBoolean(); break;
                    case Field.Bot: hit = hit with { Bot = reader.ReadBoolean() }; break;
                    default:
                        details ??= start;
                        hit = hit with { DetailsCount = (byte)(hit.DetailsCount + 1) };
                        reader.Skip();
                        break;
                }
            }
            var encoded = details is { } from ? reader.Sequence.Slice(from, reader.Position) : default;
            read(hit with { DetailsLength = (int)encoded.Length }, opened, encoded);
        }
    }

    private static int Bit(bool value) => value ? 1 : 0;
}
