using System.Buffers;
using System.Globalization;
using System.Text;
using Footfall.Common;
using Footfall.Enrich.Sources;
using MessagePack;

namespace Footfall.Ingest;

/// <summary>Writes the details of a hit: numbered fields in MessagePack, as <see cref="DetailField"/> defines them.</summary>
internal static class HitDetailsWriter
{
    /// <summary>Writes the fields of a page view from a log.</summary>
    /// <returns>The number of fields.</returns>
    public static byte WritePage(IBufferWriter<byte> output, ReadOnlySpan<byte> path, in PageUrl referrer,
        List<(string Name, string Value)>? campaign)
    {
        var writer = new MessagePackWriter(output);
        byte count = 0;
        WriteText(ref writer, DetailField.Path, path, ref count);
        WriteReferrer(ref writer, referrer, ref count);
        WriteCampaign(ref writer, campaign, ref count);
        writer.Flush();
        return count;
    }

    /// <summary>Writes the fields that the hit itself has.</summary>
    /// <param name="campaign">The parameters of the url that name a source; null for none.</param>
    /// <returns>The number of fields.</returns>
    public static byte Write(
        IBufferWriter<byte> output, in HitDraft draft, HitKind kind, ReadOnlySpan<byte> host, ReadOnlySpan<byte> path, in PageUrl referrer,
        List<(string Name, string Value)>? campaign)
    {
        var writer = new MessagePackWriter(output);
        byte count = 0;
        // The case of hosts and currencies is normalized; the rest is kept as sent.
        WriteCased(ref writer, DetailField.Host, host, upper: false, ref count);
        WriteText(ref writer, DetailField.Path, path, ref count);
        WriteReferrer(ref writer, referrer, ref count);
        if (kind == HitKind.Custom) WriteText(ref writer, DetailField.Name, draft.Name, ref count);
        WriteText(ref writer, DetailField.TransactionId, draft.TransactionId, ref count);
        if (draft.Value is { } value)
        {
            WriteNumber(ref writer, (int)DetailField.Value, value);
            count++;
        }
        WriteCased(ref writer, DetailField.Currency, draft.Currency, upper: true, ref count);
        if (draft.ItemsCount > 0)
        {
            writer.Write((byte)DetailField.Items);
            writer.WriteArrayHeader(draft.ItemsCount);
            writer.WriteRaw(draft.Items);
            count++;
        }
        if (draft.PropsCount > 0)
        {
            writer.Write((byte)DetailField.Props);
            writer.WriteMapHeader(draft.PropsCount);
            writer.WriteRaw(draft.Props);
            count++;
        }
        WriteCampaign(ref writer, campaign, ref count);
        writer.Flush();
        return count;
    }

    /// <summary>Writes what is known of the sender of a hit.</summary>
    /// <returns>The number of fields.</returns>
    public static byte WriteSender(
        IBufferWriter<byte> output, EncodedFields agent, EncodedFields language, ReadOnlySpan<byte> screen, in TrafficSource source,
        BotReason bot)
    {
        var writer = new MessagePackWriter(output);
        byte count = 0;
        WriteEncoded(ref writer, agent, ref count);
        WriteEncoded(ref writer, language, ref count);
        WriteText(ref writer, DetailField.Screen, screen, ref count);
        if (source.KnownFields is { } known)
        {
            WriteEncoded(ref writer, known, ref count);
        }
        else
        {
            WriteCased(ref writer, DetailField.Source, source.Host, upper: false, ref count);
            WriteText(ref writer, DetailField.Source, source.Name, ref count);
            WriteText(ref writer, DetailField.Channel, source.Channel, ref count);
        }
        if (bot != BotReason.None)
        {
            writer.Write((byte)DetailField.BotReason);
            writer.Write((byte)bot);
            count++;
        }
        writer.Flush();
        return count;
    }

    public static void WriteNumber(ref MessagePackWriter writer, int field, decimal number)
    {
        Span<byte> text = stackalloc byte[32];
        number.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        writer.Write(field);
        writer.WriteStringHeader(length);
        text[..length].CopyTo(writer.GetSpan(length));
        writer.Advance(length);
    }

    private static void WriteReferrer(ref MessagePackWriter writer, in PageUrl referrer, ref byte count)
    {
        if (referrer.HostAndPath.IsEmpty) return;
        writer.Write((byte)DetailField.Referrer);
        writer.WriteStringHeader(referrer.Scheme.Length + referrer.HostAndPath.Length);
        writer.WriteRaw(referrer.Scheme);
        writer.WriteRaw(referrer.HostAndPath);
        count++;
    }

    private static void WriteCampaign(ref MessagePackWriter writer, List<(string Name, string Value)>? campaign, ref byte count)
    {
        if (campaign is null) return;
        writer.Write((byte)DetailField.Campaign);
        writer.WriteMapHeader(campaign.Count);
        foreach (var (name, text) in campaign)
        {
            writer.Write(name);
            writer.Write(text);
        }
        count++;
    }

    private static void WriteText(ref MessagePackWriter writer, DetailField field, ReadOnlySpan<byte> text, ref byte count)
    {
        if (text.IsEmpty) return;
        writer.Write((byte)field);
        writer.WriteString(text);
        count++;
    }

    private static void WriteText(ref MessagePackWriter writer, DetailField field, string? text, ref byte count)
    {
        if (string.IsNullOrEmpty(text)) return;
        writer.Write((byte)field);
        writer.Write(text);
        count++;
    }

    private static void WriteEncoded(ref MessagePackWriter writer, EncodedFields fields, ref byte count)
    {
        writer.WriteRaw(fields.Bytes);
        count += fields.Count;
    }

    private static void WriteCased(ref MessagePackWriter writer, DetailField field, ReadOnlySpan<byte> text, bool upper, ref byte count)
    {
        if (text.IsEmpty) return;
        writer.Write((byte)field);
        writer.WriteStringHeader(text.Length);
        var buffer = writer.GetSpan(text.Length);
        for (var i = 0; i < text.Length; i++) buffer[i] = (byte)(upper ? ToUpper(text[i]) : ToLower(text[i]));
        writer.Advance(text.Length);
        count++;
    }

    // Letters beyond ASCII stay as they are: Ascii.ToLower rejects them.
    private static int ToLower(byte letter) => letter is >= (byte)'A' and <= (byte)'Z' ? letter | 0x20 : letter;

    private static int ToUpper(byte letter) => letter is >= (byte)'a' and <= (byte)'z' ? letter & ~0x20 : letter;
}
