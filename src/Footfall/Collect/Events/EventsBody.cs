using System.Buffers;
using System.IO.Compression;
using Footfall.Words;

namespace Footfall.Collect.Events;

/// <summary>The whole body of a request in one piece of pooled memory, decompressed.</summary>
internal sealed class EventsBody : IDisposable
{
    private byte[] _buffer = [];
    private int _length;

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <param name="limit">The most bytes, as sent and as decompressed: what unpacks to more is refused, however small it came.</param>
    public async ValueTask<RejectReason> ReadAsync(HttpRequest request, int limit)
    {
        if (request.ContentLength > limit) return RejectReason.PayloadTooLarge;
        var encoding = request.Headers.ContentEncoding;
        try
        {
            if (encoding.Count == 0) return await ReadAsync(request.Body, (int)(request.ContentLength ?? 4096), limit, request.HttpContext.RequestAborted);
            await using var unpacked = Unpack(encoding.ToString(), request.Body);
            return unpacked is null ? RejectReason.UnsupportedEncoding : await ReadAsync(unpacked, 16 * 1024, limit, request.HttpContext.RequestAborted);
        }
        catch (BadHttpRequestException error)
        {
            return error.StatusCode == StatusCodes.Status413PayloadTooLarge ? RejectReason.PayloadTooLarge : RejectReason.MalformedBody;
        }
        catch (InvalidDataException)
        {
            return RejectReason.MalformedBody;
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private static Stream? Unpack(string encoding, Stream body) => encoding.ToLowerInvariant() switch
    {
        "gzip" or "x-gzip" => new GZipStream(body, CompressionMode.Decompress, leaveOpen: true),
        "br" => new BrotliStream(body, CompressionMode.Decompress, leaveOpen: true),
        "identity" => body,
        _ => null,
    };

    private async ValueTask<RejectReason> ReadAsync(Stream stream, int expected, int limit, CancellationToken stop)
    {
        Grow(Math.Max(expected + 1, 256));
        while (true)
        {
            if (_length == _buffer.Length)
            {
                if (_length > limit) return RejectReason.PayloadTooLarge;
                Grow(Math.Min(_buffer.Length * 2, limit + 1));
            }
            var read = await stream.ReadAsync(_buffer.AsMemory(_length), stop);
            if (read == 0) return _length > limit ? RejectReason.PayloadTooLarge : RejectReason.None;
            _length += read;
        }
    }

    private void Grow(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(size);
        Bytes.CopyTo(larger);
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
