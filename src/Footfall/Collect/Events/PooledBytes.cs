using System.Buffers;

namespace Footfall.Collect.Events;

/// <summary>Bytes in one piece of pooled memory, which grows with what comes.</summary>
/// <param name="limit">The most bytes; one more is taken, to know that there are more.</param>
internal sealed class PooledBytes(int limit) : IDisposable
{
    /// <summary>What a promise (<c>Content-Length</c>) gets; more only for bytes that came.</summary>
    private const int First = 32 * 1024;

    /// <summary>A large body is copied few times, and nobody makes the memory hold more than so many times what was sent.</summary>
    private const int Growth = 4;

    private byte[] _buffer = [];
    private int _length;

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    public bool OverLimit => _length > limit;

    /// <summary>Room for what comes next: never empty as long as it is not <see cref="OverLimit"/>.</summary>
    /// <param name="expected">How many bytes there will be in all: no more is taken before there are.</param>
    public Memory<byte> Room(int expected)
    {
        if (_length == _buffer.Length)
        {
            // One more than expected, so that the end is seen without growing.
            var wanted = Math.Min(Math.Max(expected, _length), limit) + 1;
            Grow(Math.Min(wanted, Math.Max(First, _length * Growth)));
        }
        return _buffer.AsMemory(_length, Math.Min(_buffer.Length, limit + 1) - _length);
    }

    public void Advance(int count) => _length += count;

    public Stream AsStream() => new MemoryStream(_buffer, 0, _length, writable: false);

    public void Dispose()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _length) = ([], 0);
    }

    private void Grow(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(size);
        Bytes.CopyTo(larger);
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
