using System.Text;

namespace Footfall.Import.AccessLog;

/// <summary>
/// The text of a quoted part. Apache writes <c>\"</c>, <c>\\</c>, <c>\n</c> and <c>\xhh</c> (mod_log_config, "Format Notes"), nginx
/// <c>\xHH</c> (log_format, escape=default).
/// </summary>
internal static class LogStringDecoder
{
    /// <summary>Decodes the escapes. Bytes that are not UTF-8 become U+FFFD.</summary>
    /// <param name="buffer">Where it is written: at least <c>quoted.Length</c> characters, because no byte becomes more than one.</param>
    /// <returns>The characters written.</returns>
    public static ReadOnlySpan<char> Decode(ReadOnlySpan<byte> quoted, Span<char> buffer)
    {
        if (!quoted.Contains((byte)'\\')) return buffer[..Encoding.UTF8.GetChars(quoted, buffer)];
        Span<byte> plain = quoted.Length <= 1024 ? stackalloc byte[1024] : new byte[quoted.Length];
        return buffer[..Encoding.UTF8.GetChars(plain[..Unescape(quoted, plain)], buffer)];
    }

    private static int Unescape(ReadOnlySpan<byte> quoted, Span<byte> plain)
    {
        var length = 0;
        for (var i = 0; i < quoted.Length; i++)
        {
            var next = quoted[i];
            if (next == '\\' && i + 1 < quoted.Length)
            {
                if (quoted[i + 1] == 'x' && i + 3 < quoted.Length && ParseHexDigit(quoted[i + 2]) is >= 0 and var high
                    && ParseHexDigit(quoted[i + 3]) is >= 0 and var low)
                {
                    next = (byte)(high << 4 | low);
                    i += 3;
                }
                else if (DecodeEscape(quoted[i + 1]) is not 0 and var escaped)
                {
                    next = escaped;
                    i++;
                }
            }
            plain[length++] = next;
        }
        return length;
    }

    private static byte DecodeEscape(byte letter) => letter switch
    {
        (byte)'"' or (byte)'\\' => letter,
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        (byte)'b' => (byte)'\b',
        (byte)'v' => (byte)'\v',
        (byte)'f' => (byte)'\f',
        _ => 0,
    };

    private static int ParseHexDigit(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
