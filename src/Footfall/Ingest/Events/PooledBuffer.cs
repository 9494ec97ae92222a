using System.Buffers;

namespace Footfall.Ingest.Events;

/// <summary>Bytes in one piece of memory, which grows with what comes, as far as <see cref="BodyMemoryLimiter"/> allows.</summary>
/// <param name="limit">The most bytes; one more is taken, to know that there are more.</param>
internal sealed class PooledBuffer(int limit, BodyMemoryLimiter memory) : IDisposable
{
    /// <summary>What a promise (<c>Content-Length</c>) gets; more only for bytes that came.</summary>
    private const int InitialSize = 32 * 1024;

    /// <summary>A large body is copied few times, and nobody makes the memory hold more than so many times what was sent.</summary>
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
    /// <param name="expected">How many bytes there will be in all: no more is taken before there are.</param>
    /// <returns>False where other requests have the memory.</returns>
    public bool TryGetMemory(int expected, out Memory<byte> free)
    {
        if (Length == _buffer.Length)
        {
            // One more than expected, so that the end is seen without growing.
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
