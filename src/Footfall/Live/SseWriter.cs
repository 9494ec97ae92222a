using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Footfall.Live;

/// <summary>Writes the messages of one stream (HTML Living Standard, 9.2 Server-sent events). Not thread-safe.</summary>
/// <param name="domain">The site that the stream is about.</param>
/// <param name="epoch">Identifies this run of the stream in each id: ids of other runs are invalid here.</param>
internal sealed class SseWriter(string domain, string epoch)
{
    /// <summary>A comment: it shows both ends that the other one is alive.</summary>
    public static readonly byte[] Heartbeat = ": \n\n"u8.ToArray();

    /// <summary>How long a client waits before it reconnects: sent first.</summary>
    public static readonly byte[] Retry = "retry: 2000\n\n"u8.ToArray();

    /// <summary>
    /// The last message of a stopping server: clients should reconnect soon, each at a different time, since all of them go to the
    /// remaining nodes.
    /// </summary>
    public static byte[] CreateReconnectMessage() => Encoding.ASCII.GetBytes($"retry: {Random.Shared.Next(100, 2000)}\n\n");

    private readonly ArrayBufferWriter<byte> _buffer = new(512);

    /// <param name="currency">Of the site, in ISO 4217.</param>
    public byte[] WriteSnapshot(long sequence, LiveSnapshot snapshot, string currency)
    {
        // Snapshots are large and rare: their buffers are not kept.
        var buffer = new ArrayBufferWriter<byte>(4096);
        WriteHeader(buffer, sequence, snapshot.Position, "snapshot"u8);
        using (var json = new Utf8JsonWriter(buffer)) LiveJson.WriteSnapshot(json, domain, currency, snapshot);
        buffer.Write("\n\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <returns>Null if there is nothing to send.</returns>
    public byte[]? WriteChange(long sequence, LiveSnapshot before, LiveSnapshot after)
    {
        _buffer.ResetWrittenCount();
        WriteHeader(_buffer, sequence, after.Position, "change"u8);
        using (var json = new Utf8JsonWriter(_buffer))
            if (!LiveJson.WriteChange(json, before, after)) return null;
        _buffer.Write("\n\n"u8);
        return _buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads the id of a message of this stream.</summary>
    public bool TryReadId(ReadOnlySpan<char> id, out long sequence)
    {
        sequence = 0;
        return id.StartsWith(epoch) && id[epoch.Length..] is ['-', .. var number] &&
            long.TryParse(number.IndexOf('.') is >= 0 and var dot ? number[..dot]
                : number, NumberStyles.None, CultureInfo.InvariantCulture, out sequence);
    }

    /// <summary>Reads the journal position from a message id of any node; 0 if it has none.</summary>
    public static long ReadPosition(ReadOnlySpan<char> id) =>
        id.LastIndexOf('.') is >= 0 and var dot
            && long.TryParse(id[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : 0;

    private void WriteHeader(ArrayBufferWriter<byte> buffer, long sequence, long position, ReadOnlySpan<byte> name)
    {
        buffer.Write("id: "u8);
        buffer.Write(Encoding.ASCII.GetBytes(position == 0 ? $"{epoch}-{sequence}" : $"{epoch}-{sequence}.{position}"));
        buffer.Write("\nevent: "u8);
        buffer.Write(name);
        buffer.Write("\ndata: "u8);
    }
}
