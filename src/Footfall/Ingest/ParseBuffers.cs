using System.Buffers;
using System.Text.Json;

namespace Footfall.Ingest;

/// <summary>
/// Buffers that are reused from hit to hit: unescaped texts, and encoded items and props. One for each request.
/// </summary>
internal sealed class ParseBuffers
{
    private byte[] _text = new byte[512];
    private int _used;

    public ArrayBufferWriter<byte> Items { get; } = new(256);

    public ArrayBufferWriter<byte> Props { get; } = new(256);

    /// <summary>Prepares for a hit of a length in bytes: unescaped text is never longer than escaped text.</summary>
    public void Reset(int bytes)
    {
        _used = 0;
        if (_text.Length < bytes) _text = new byte[Math.Max(bytes, _text.Length * 2)];
        Items.ResetWrittenCount();
        Props.ResetWrittenCount();
    }

    /// <exception cref="InvalidOperationException">Half of a surrogate pair is alone.</exception>
    public ReadOnlySpan<byte> Unescape(scoped ref Utf8JsonReader reader)
    {
        var length = reader.CopyString(_text.AsSpan(_used));
        _used += length;
        return _text.AsSpan(_used - length, length);
    }
}
