using System.Buffers;
using System.IO.Compression;
using Footfall.Words;

namespace Footfall.Collect.Events;

/// <summary>The whole body of a request in one piece of pooled memory, decompressed.</summary>
internal sealed class EventsBody : IDisposable
{
    /// <summary>Memory that a request gets for a promise (<c>Content-Length</c>); more only for bytes that came.</summary>
    private const int First = 32 * 1024;

    /// <summary>By how much the memory grows: a large body is copied few times, and a sender can't make it hold more than so many times what was sent.</summary>
    private const int Growth = 4;

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
            if (encoding.Count == 0) return await ReadAsync(request.Body, (int)(request.ContentLength ?? limit), limit, request.HttpContext.RequestAborted);
            await using var unpacked = Unpack(encoding.ToString(), request.Body);
            return unpacked is null ? RejectReason.UnsupportedEncoding : await ReadAsync(unpacked, limit, limit, request.HttpContext.RequestAborted);
        }
        catch (BadHttpRequestException error)
        {
            return error.StatusCode == StatusCodes.Status413PayloadTooLarge ? RejectReason.PayloadTooLarge : RejectReason.MalformedBody;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or OperationCanceledException)
        {
            // Not what the encoding says, or the sender went away: then nobody reads the answer, but the refusal is counted.
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
        "identity" or "" => body,
        _ => null,
    };

    private async ValueTask<RejectReason> ReadAsync(Stream stream, int expected, int limit, CancellationToken stop)
    {
        // One more than expected, so that the end is seen without growing.
        Grow(Math.Min(expected + 1, First));
        while (true)
        {
            if (_length == _buffer.Length)
            {
                if (_length > limit) return RejectReason.PayloadTooLarge;
                Grow(Math.Min(_buffer.Length * Growth, Math.Max(expected, _length) + 1));
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
