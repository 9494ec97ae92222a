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

        /// <summary>The referrer, without query and fragment.</summary>
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

        /// <summary>The host of the url.</summary>
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
    public static byte WritePage(IBufferWriter<byte> output, ReadOnlySpan<byte> path, ReadOnlySpan<byte> referrer)
    {
        var writer = new MessagePackWriter(output);
        byte count = 0;
        Text(ref writer, Field.Path, path, ref count);
        Text(ref writer, Field.Referrer, referrer, ref count);
        writer.Flush();
        return count;
    }

    /// <returns>The number of fields.</returns>
    public static byte Write(IBufferWriter<byte> output, in HitDraft draft, HitKind kind, in PageUrl url, in PageUrl referrer)
    {
        var writer = new MessagePackWriter(output);
        byte count = 0;
        Text(ref writer, Field.Host, url.Host, ref count);
        Text(ref writer, Field.Path, url.Path, ref count);
        Text(ref writer, Field.Referrer, referrer.WithoutQuery, ref count);
        if (kind == HitKind.Custom) Text(ref writer, Field.Name, draft.Name, ref count);
        Text(ref writer, Field.TransactionId, draft.TransactionId, ref count);
        if (draft.Value is { } value)
        {
            Number(ref writer, (int)Field.Value, value);
            count++;
        }
        if (!draft.Currency.IsEmpty)
        {
            writer.Write((byte)Field.Currency);
            writer.WriteStringHeader(draft.Currency.Length);
            Ascii.ToUpper(draft.Currency, writer.GetSpan(draft.Currency.Length), out var length);
            writer.Advance(length);
            count++;
        }
        Raw(ref writer, Field.Items, draft.Items, ref count);
        Raw(ref writer, Field.Props, draft.Props, ref count);
        if (url.Campaign(out var parameters) is > 0 and var found)
        {
            writer.Write((byte)Field.Campaign);
            writer.WriteMapHeader(found);
            foreach (var (name, text) in parameters)
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

    private static void Text(ref MessagePackWriter writer, Field field, ReadOnlySpan<byte> text, ref byte count)
    {
        if (text.IsEmpty) return;
        writer.Write((byte)field);
        writer.WriteString(text);
        count++;
    }

    private static void Raw(ref MessagePackWriter writer, Field field, ReadOnlySpan<byte> encoded, ref byte count)
    {
        if (encoded.IsEmpty) return;
        writer.Write((byte)field);
        writer.WriteRaw(encoded);
        count++;
    }
}
