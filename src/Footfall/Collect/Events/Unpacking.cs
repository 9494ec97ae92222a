using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using Footfall.Words;

namespace Footfall.Collect.Events;

/// <summary>
/// Decompresses a body, all of it or nothing. The framework's streams end in silence where the data is cut short, so that half a batch
/// would pass for a whole one.
/// </summary>
internal static class Unpacking
{
    /// <summary>The trailer of gzip (RFC 1952, 2.3.1): CRC-32 and length of the last member, little-endian.</summary>
    private const int GzipTrailer = 8;

    /// <summary>What unpacks to more than the limit of <paramref name="unpacked"/> is refused, however small it came.</summary>
    /// <param name="encoding">The <c>Content-Encoding</c>.</param>
    public static RejectReason Unpack(string encoding, PooledBytes packed, PooledBytes unpacked) => encoding.ToLowerInvariant() switch
    {
        "gzip" or "x-gzip" => Gzip(packed, unpacked),
        "br" => Brotli(packed.Bytes, unpacked),
        _ => RejectReason.UnsupportedEncoding,
    };

    private static RejectReason Gzip(PooledBytes packed, PooledBytes unpacked)
    {
        if (packed.Bytes.Length < GzipTrailer) return RejectReason.MalformedBody;
        try
        {
            using var stream = new GZipStream(packed.AsStream(), CompressionMode.Decompress);
            while (true)
            {
                if (!unpacked.TryGetRoom(int.MaxValue - 1, out var room)) return RejectReason.Busy;
                if (stream.Read(room.Span) is not (> 0 and var read)) break;
                unpacked.Advance(read);
                if (unpacked.OverLimit) return RejectReason.PayloadTooLarge;
            }
        }
        catch (InvalidDataException)
        {
            return RejectReason.MalformedBody;
        }
        var trailer = packed.Bytes[^GzipTrailer..];
        var last = BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]);
        return last <= unpacked.Bytes.Length && Crc32.HashToUInt32(unpacked.Bytes[^(int)last..]) == BinaryPrimitives.ReadUInt32LittleEndian(trailer)
            ? RejectReason.None
            : RejectReason.MalformedBody;
    }

    private static RejectReason Brotli(ReadOnlySpan<byte> packed, PooledBytes unpacked)
    {
        using var decoder = new BrotliDecoder();
        while (true)
        {
            if (!unpacked.TryGetRoom(int.MaxValue - 1, out var room)) return RejectReason.Busy;
            var status = decoder.Decompress(packed, room.Span, out var consumed, out var written);
            packed = packed[consumed..];
            unpacked.Advance(written);
            if (unpacked.OverLimit) return RejectReason.PayloadTooLarge;
            if (status == OperationStatus.DestinationTooSmall) continue;
            return status == OperationStatus.Done && packed.IsEmpty ? RejectReason.None : RejectReason.MalformedBody;
        }
    }
}
