using System.Buffers;
using System.Globalization;
using System.Text;
using Footfall.Words;
using MessagePack;

namespace Footfall.Collect.Events;

/// <summary>
/// The details of a hit: numbered fields in MessagePack, as they stand in the journal behind those of <c>BatchFormat</c>.
/// A number is never used again for something else.
/// </summary>
internal static class HitDetails
{
    public enum Field
    {
        /// <summary>The path of the url, without query and fragment.</summary>
        Path = 16,

        /// <summary>The referrer, without user information, query and fragment.</summary>
        Referrer = 17,

        /// <summary>The name of a custom event.</summary>
        Name = 18,

        TransactionId = 19,

        /// <summary>A decimal number as text.</summary>
        Value = 20,

        /// <summary>ISO 4217, upper case.</summary>
        Currency = 21,

        /// <summary>An array of items, each a map as <see cref="ItemField"/> tells.</summary>
        Items = 22,

        /// <summary>A map of texts.</summary>
        Props = 23,

        /// <summary>The host of the url, with its port, in lower case.</summary>
        Host = 24,

        /// <summary>A map: the parameters of the url's query that name a source (<c>utm_…</c>, <c>ref</c>, <c>source</c>).</summary>
        Campaign = 25,
    }

    public enum ItemField
    {
        Id = 1,
        Name = 2,
        Category = 3,
        Brand = 4,
        Variant = 5,

        /// <summary>A decimal number as text.</summary>
        Price = 6,

        /// <summary>A decimal number as text.</summary>
        Quantity = 7,
    }

    /// <summary>Writes what a page view of a log has.</summary>
    /// <returns>The number of fields.</returns>
    public static byte WritePage(IBufferWriter<byte> output, ReadOnlySpan<byte> path, in PageUrl referrer)
    {
        var writer = new MessagePackWriter(output);
        byte count = 0;
        Text(ref writer, Field.Path, path, ref count);
        Referrer(ref writer, referrer, ref count);
        writer.Flush();
        return count;
    }

    /// <returns>The number of fields.</returns>
    public static byte Write(IBufferWriter<byte> output, in HitDraft draft, HitKind kind, in PageUrl url, in PageUrl referrer)
    {
        var writer = new MessagePackWriter(output);
        byte count = 0;
        // Hosts and currencies are one whatever their case; the rest is kept as sent.
        Cased(ref writer, Field.Host, url.Host, upper: false, ref count);
        Text(ref writer, Field.Path, url.Path, ref count);
        Referrer(ref writer, referrer, ref count);
        if (kind == HitKind.Custom) Text(ref writer, Field.Name, draft.Name, ref count);
        Text(ref writer, Field.TransactionId, draft.TransactionId, ref count);
        if (draft.Value is { } value)
        {
            Number(ref writer, (int)Field.Value, value);
            count++;
        }
        Cased(ref writer, Field.Currency, draft.Currency, upper: true, ref count);
        if (draft.ItemsCount > 0)
        {
            writer.Write((byte)Field.Items);
            writer.WriteArrayHeader(draft.ItemsCount);
            writer.WriteRaw(draft.Items);
            count++;
        }
        if (draft.PropsCount > 0)
        {
            writer.Write((byte)Field.Props);
            writer.WriteMapHeader(draft.PropsCount);
            writer.WriteRaw(draft.Props);
            count++;
        }
        if (url.Campaign() is { } campaign)
        {
            writer.Write((byte)Field.Campaign);
            writer.WriteMapHeader(campaign.Count);
            foreach (var (name, text) in campaign)
            {
                writer.Write(name);
                writer.Write(text);
            }
            count++;
        }
        writer.Flush();
        return count;
    }

    public static void Number(ref MessagePackWriter writer, int field, decimal number)
    {
        Span<byte> text = stackalloc byte[32];
        number.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        writer.Write(field);
        writer.WriteStringHeader(length);
        text[..length].CopyTo(writer.GetSpan(length));
        writer.Advance(length);
    }

    private static void Referrer(ref MessagePackWriter writer, in PageUrl referrer, ref byte count)
    {
        if (referrer.HostAndPath.IsEmpty) return;
        writer.Write((byte)Field.Referrer);
        writer.WriteStringHeader(referrer.Scheme.Length + referrer.HostAndPath.Length);
        writer.WriteRaw(referrer.Scheme);
        writer.WriteRaw(referrer.HostAndPath);
        count++;
    }

    private static void Text(ref MessagePackWriter writer, Field field, ReadOnlySpan<byte> text, ref byte count)
    {
        if (text.IsEmpty) return;
        writer.Write((byte)field);
        writer.WriteString(text);
        count++;
    }

    private static void Cased(ref MessagePackWriter writer, Field field, ReadOnlySpan<byte> text, bool upper, ref byte count)
    {
        if (text.IsEmpty) return;
        writer.Write((byte)field);
        writer.WriteStringHeader(text.Length);
        var place = writer.GetSpan(text.Length);
        for (var i = 0; i < text.Length; i++) place[i] = (byte)(upper ? ToUpper(text[i]) : ToLower(text[i]));
        writer.Advance(text.Length);
        count++;
    }

    // Letters beyond ASCII stay as they are, which Ascii.ToLower refuses.
    private static int ToLower(byte letter) => letter is >= (byte)'A' and <= (byte)'Z' ? letter | 0x20 : letter;

    private static int ToUpper(byte letter) => letter is >= (byte)'a' and <= (byte)'z' ? letter & ~0x20 : letter;
}
