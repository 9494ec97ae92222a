using System.Buffers;
using MessagePack;

namespace Footfall.Common;

/// <summary>Details of a hit, encoded once and copied as one block into many hits.</summary>
/// <param name="Bytes">Pairs of number and value in MessagePack.</param>
/// <param name="Count">The number of pairs.</param>
internal sealed record EncodedFields(byte[] Bytes, byte Count)
{
    public static EncodedFields None { get; } = new([], 0);

    /// <summary>Encodes texts; an empty one is left out.</summary>
    public static EncodedFields Encode(params ReadOnlySpan<(DetailField Field, string Text)> fields)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(bytes);
        byte count = 0;
        foreach (var (field, text) in fields)
        {
            if (text.Length == 0) continue;
            writer.Write((byte)field);
            writer.Write(text);
            count++;
        }
        writer.Flush();
        return count == 0 ? None : new EncodedFields(bytes.WrittenSpan.ToArray(), count);
    }
}
