using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using Footfall.Common;

namespace Footfall.Ingest.Events;

/// <summary>
/// Decompresses a body, all of it or nothing. The framework's streams end in silence where the data is cut short, so that half a batch
/// would pass for a whole one.
/// </summary>
internal static class Decompression
{
    /// <summary>The trailer of gzip (RFC 1952, 2.3.1): CRC-32 and length of the last member, little-endian.</summary>
    private const int GzipTrailerBytes = 8;

    /// <summary>A body that decompresses to more than the limit of <paramref name="decompressed"/> is rejected.</summary>
    /// <param name="encoding">The <c>Content-Encoding</c>.</param>
    public static RejectReason Decompress(string encoding, PooledBuffer compressed, PooledBuffer decompressed) =>
        encoding.ToLowerInvariant() switch
        {
            "gzip" or "x-gzip" => DecompressGzip(compressed, decompressed),
            "br" => DecompressBrotli(compressed.Bytes, decompressed),
            _ => RejectReason.UnsupportedEncoding,
        };

    private static RejectReason DecompressGzip(PooledBuffer compressed, PooledBuffer decompressed)
    {
        if (compressed.Bytes.Length < GzipTrailerBytes) return RejectReason.MalformedBody;
        try
        {
            using var stream = new GZipStream(compressed.AsStream(), CompressionMode.Decompress);
            while (true)
            {
                if (!decompressed.TryGetMemory(int.MaxValue - 1, out var free)) return RejectReason.Busy;
                if (stream.Read(free.Span) is not (> 0 and var read)) break;
                decompressed.Advance(read);
                if (decompressed.IsOverLimit) return RejectReason.PayloadTooLarge;
            }
        }
        catch (InvalidDataException)
        {
            return RejectReason.MalformedBody;
        }
        var trailer = compressed.Bytes[^GzipTrailerBytes..];
        var length = BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]);
        return length <= decompressed.Bytes.Length
            && Crc32.HashToUInt32(decompressed.Bytes[^(int)length..]) == BinaryPrimitives.ReadUInt32LittleEndian(trailer)
            ? RejectReason.None
            : RejectReason.MalformedBody;
    }

    private static RejectReason DecompressBrotli(ReadOnlySpan<byte> compressed, PooledBuffer decompressed)
    {
        using var decoder = new BrotliDecoder();
        while (true)
        {
            if (!decompressed.TryGetMemory(int.MaxValue - 1, out var free)) return RejectReason.Busy;
            var status = decoder.Decompress(compressed, free.Span, out var consumed, out var written);
            compressed = compressed[consumed..];
            decompressed.Advance(written);
            if (decompressed.IsOverLimit) return RejectReason.PayloadTooLarge;
            if (status == OperationStatus.DestinationTooSmall) continue;
            return status == OperationStatus.Done && compressed.IsEmpty ? RejectReason.None : RejectReason.MalformedBody;
        }
    }
}
