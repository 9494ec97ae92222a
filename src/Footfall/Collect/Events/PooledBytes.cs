using System.Buffers;

namespace Footfall.Collect.Events;

/// <summary>Bytes in one piece of memory, which grows with what comes, as far as <see cref="BodyMemory"/> allows.</summary>
/// <param name="limit">The most bytes; one more is taken, to know that there are more.</param>
internal sealed class PooledBytes(int limit, BodyMemory memory) : IDisposable
{
    /// <summary>What a promise (<c>Content-Length</c>) gets; more only for bytes that came.</summary>
    private const int First = 32 * 1024;

    /// <summary>A large body is copied few times, and nobody makes the memory hold more than so many times what was sent.</summary>
    private const int Growth = 4;

    /// <summary>Above this a buffer is exactly as large as needed and is not pooled: the pool rounds up to a power of two, and keeps what it has once given out.</summary>
    private const int LargestPooled = 1 << 20;

    private byte[] _buffer = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Length);

    public bool OverLimit => Length > limit;

    /// <summary>Room for what comes next: never empty as long as it is not <see cref="OverLimit"/>.</summary>
    /// <param name="expected">How many bytes there will be in all: no more is taken before there are.</param>
    /// <returns>False where other requests have the memory.</returns>
    public bool TryGetRoom(int expected, out Memory<byte> room)
    {
        if (Length == _buffer.Length)
        {
            // One more than expected, so that the end is seen without growing.
            var wanted = Math.Min(Math.Max(expected, Length), limit) + 1;
            if (!TryGrow(Math.Min(wanted, Math.Max(First, Length * Growth))))
            {
                room = default;
                return false;
            }
        }
        room = _buffer.AsMemory(Length, Math.Min(_buffer.Length, limit + 1) - Length);
        return true;
    }

    public void Advance(int count) => Length += count;

    public Stream AsStream() => new MemoryStream(_buffer, 0, Length, writable: false);

    public void Dispose()
    {
        GiveBack();
        (_buffer, Length) = ([], 0);
    }

    private bool TryGrow(int size)
    {
        var reserved = size > LargestPooled ? size : (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(size, 16));
        if (!memory.TryReserve(reserved)) return false;
        var larger = size > LargestPooled ? GC.AllocateUninitializedArray<byte>(size) : ArrayPool<byte>.Shared.Rent(reserved);
        Bytes.CopyTo(larger);
        GiveBack();
        _buffer = larger;
        return true;
    }

    private void GiveBack()
    {
        if (_buffer.Length == 0) return;
        if (_buffer.Length <= LargestPooled) ArrayPool<byte>.Shared.Return(_buffer);
        memory.Release(_buffer.Length);
    }
}
