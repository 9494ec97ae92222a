using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Footfall.Live;

/// <summary>Writes the messages of one stream (HTML Living Standard, 9.2 Server-sent events). Not safe for several threads.</summary>
/// <param name="domain">The site that the stream is about.</param>
/// <param name="epoch">Names this run of the stream, in each id: an id of another run means nothing here.</param>
internal sealed class EventWriter(string domain, string epoch)
{
    /// <summary>A comment: it shows to both ends that the other one is there.</summary>
    public static readonly byte[] Heartbeat = ": \n\n"u8.ToArray();

    /// <summary>How long a client waits before it connects again: the first thing that it is told.</summary>
    public static readonly byte[] Retry = "retry: 2000\n\n"u8.ToArray();

    /// <summary>The last thing that a client is told by a server that stops: to come back soon, and each at a time of its own, since all of them go to the nodes that are left.</summary>
    public static byte[] Goodbye() => Encoding.ASCII.GetBytes($"retry: {Random.Shared.Next(100, 2000)}\n\n");

    private readonly ArrayBufferWriter<byte> _bytes = new(512);

    /// <param name="currency">Of the site, in ISO 4217.</param>
    public byte[] Snapshot(long sequence, PictureCopy copy, string currency)
    {
        // Snapshots are large and rare: the room for them is not kept.
        var bytes = new ArrayBufferWriter<byte>(4096);
        Begin(bytes, sequence, "snapshot"u8);
        using (var json = new Utf8JsonWriter(bytes)) LiveJson.WriteSnapshot(json, domain, currency, copy);
        bytes.Write("\n\n"u8);
        return bytes.WrittenSpan.ToArray();
    }

    /// <returns>Null if there is nothing to say.</returns>
    public byte[]? Change(long sequence, PictureCopy before, PictureCopy after)
    {
        _bytes.ResetWrittenCount();
        Begin(_bytes, sequence, "change"u8);
        using (var json = new Utf8JsonWriter(_bytes))
            if (!LiveJson.WriteChange(json, before, after)) return null;
        _bytes.Write("\n\n"u8);
        return _bytes.WrittenSpan.ToArray();
    }

    /// <summary>Reads the id of a message of this stream.</summary>
    public bool TryReadId(ReadOnlySpan<char> id, out long sequence)
    {
        sequence = 0;
        return id.StartsWith(epoch) && id[epoch.Length..] is ['-', .. var number] &&
            long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out sequence);
    }

    private void Begin(ArrayBufferWriter<byte> bytes, long sequence, ReadOnlySpan<byte> name)
    {
        bytes.Write("id: "u8);
        bytes.Write(Encoding.ASCII.GetBytes($"{epoch}-{sequence}"));
        bytes.Write("\nevent: "u8);
        bytes.Write(name);
        bytes.Write("\ndata: "u8);
    }
}
