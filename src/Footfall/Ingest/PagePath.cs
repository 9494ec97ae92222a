using System.Buffers.Text;
using System.Text.Unicode;

namespace Footfall.Ingest;

/// <summary>The path of a page as a person reads it: <c>/käse</c> for <c>/k%C3%A4se</c>, so that both are one page.</summary>
internal static class PagePath
{
    /// <summary>
    /// Decodes the escapes of a path (RFC 3986, 2.1) once. Those of <c>/ ? # %</c> stay: decoded, they would mean something else. The
    /// whole path stays if it has half an escape, or would get control characters or invalid UTF-8: its escapes then mean something else or
    /// are an attack.
    /// </summary>
    /// <param name="buffer">At least as long as the path. Used only if there is something to decode, which is rare.</param>
    public static ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> path, Span<byte> buffer)
    {
        if (!path.Contains((byte)'%')) return path;
        var length = 0;
        for (var i = 0; i < path.Length; i++)
        {
            var next = path[i];
            if (next == '%')
            {
                if (TryDecodeEscape(path[i..]) is not { } value || value is < 0x20 or 0x7F) return path;
                if (!"/?#%"u8.Contains(value))
                {
                    next = value;
                    i += 2;
                }
            }
            // U+0080 to U+009F, which are C2 and a byte up to 9F.
            if (next is >= 0x80 and <= 0x9F && length > 0 && buffer[length - 1] == 0xC2) return path;
            buffer[length++] = next;
        }
        return Utf8.IsValid(buffer[..length]) ? buffer[..length] : path;
    }

    private static byte? TryDecodeEscape(ReadOnlySpan<byte> text) =>
        text.Length > 2 && Utf8Parser.TryParse(text[1..3], out byte value, out var read, 'X') && read == 2 ? value : null;
}
