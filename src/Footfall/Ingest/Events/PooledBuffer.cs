using System.Buffers;

namespace Footfall.Ingest.Events;

/// <summary>A contiguous buffer that grows as bytes arrive, as far as <see cref="BodyMemoryLimiter"/> allows.</summary>
/// <param name="limit">The most bytes; one more is taken, to know that there are more.</param>
internal sealed class PooledBuffer(int limit, BodyMemoryLimiter memory) : IDisposable
{
    /// <summary>The memory reserved for a <c>Content-Length</c>; more only for bytes that arrived.</summary>
    private const int InitialSize = 32 * 1024;

    /// <summary>The growth factor: few copies of a large body, and no client reserves more than this multiple of what it sent.</summary>
    private const int GrowthFactor = 4;

    /// <summary>
    /// Above this a buffer is exactly as large as needed and is not pooled: the pool rounds up to a power of two, and keeps what it has
    /// once given out.
    /// </summary>
    private const int MaxPooledSize = 1 << 20;

    private byte[] _buffer = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Length);

    public bool IsOverLimit => Length > limit;

    /// <summary>Room for what comes next: never empty as long as it is not <see cref="IsOverLimit"/>.</summary>
    /// <param name="expected">The expected total: no more is reserved until more bytes arrive.</param>
    /// <returns>False where other requests have the memory.</returns>
    public bool TryGetMemory(int expected, out Memory<byte> free)
    {
        if (Length == _buffer.Length)
        {
            // One more than expected, so that the end is detected without growing.
            var size = Math.Min(Math.Max(expected, Length), limit) + 1;
            if (!TryGrow(Math.Min(size, Math.Max(InitialSize, Length * GrowthFactor))))
            {
                free = default;
                return false;
            }
        }
        free = _buffer.AsMemory(Length, Math.Min(_buffer.Length, limit + 1) - Length);
        return true;
    }

    public void Advance(int count) => Length += count;

    public Stream AsStream() => new MemoryStream(_buffer, 0, Length, writable: false);

    public void Dispose()
    {
        ReturnBuffer();
        (_buffer, Length) = ([], 0);
    }

    private bool TryGrow(int size)
    {
        var reserved = size > MaxPooledSize ? size : (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(size, 16));
        if (!memory.TryReserve(reserved)) return false;
        var larger = size > MaxPooledSize ? GC.AllocateUninitializedArray<byte>(size) : ArrayPool<byte>.Shared.Rent(reserved);
        Bytes.CopyTo(larger);
        ReturnBuffer();
        _buffer = larger;
        return true;
    }

    private void ReturnBuffer()
    {
        if (_buffer.Length == 0) return;
        if (_buffer.Length <= MaxPooledSize) ArrayPool<byte>.Shared.Return(_buffer);
        memory.Release(_buffer.Length);
    }
}
