namespace Footfall.Import.AccessLog;

/// <summary>The time of a line: <c>17/May/2015:10:05:03 +0200</c>, as Apache's <c>%t</c> and nginx's <c>$time_local</c> write it.</summary>
internal static class LogTime
{
    /// <summary>The characters of a time.</summary>
    public const int Length = 26;

    /// <summary>The web is not older; a line before that has a wrong clock or is no log line.</summary>
    private const int FirstYear = 1990;

    private const int MillisecondsPerMinute = 60_000;

    /// <summary>
    /// Reads exactly <see cref="Length"/> bytes. English months in any case; a leap second counts as the second before it.
    /// </summary>
    /// <param name="milliseconds">Unix time in milliseconds.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text.Length != Length || text[2] != '/' || text[6] != '/' || text[11] != ':' || text[14] != ':' || text[17] != ':'
            || text[20] != ' ')
            return false;
        if (!TryParseNumber(text[..2], out var day) || !TryParseNumber(text[7..11], out var year)
            || !TryParseNumber(text[12..14], out var hour) ||
            !TryParseNumber(text[15..17], out var minute) || !TryParseNumber(text[18..20], out var second) ||
            !TryParseNumber(text[22..24], out var offsetHours) || !TryParseNumber(text[24..26], out var offsetMinutes)) return false;
        var month = ParseMonth(text[3..6]);
        if (month == 0 || year < FirstYear || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        if (hour > 23 || minute > 59 || second > 60 || offsetHours > 15 || offsetMinutes > 59 || text[21] is not ((byte)'+' or (byte)'-'))
            return false;
        var offset = (offsetHours * 60 + offsetMinutes) * (text[21] == '-' ? -1 : 1);
        var local = new DateTime(year, month, day, hour, minute, Math.Min(second, 59), DateTimeKind.Utc);
        milliseconds = (local - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond - offset * (long)MillisecondsPerMinute;
        return true;
    }

    private static bool TryParseNumber(ReadOnlySpan<byte> digits, out int number)
    {
        number = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9') return false;
            number = number * 10 + (digit - '0');
        }
        return true;
    }

    private static int ParseMonth(ReadOnlySpan<byte> name) => ((name[0] | 0x20) << 16 | (name[1] | 0x20) << 8 | (name[2] | 0x20)) switch
    {
        'j' << 16 | 'a' << 8 | 'n' => 1,
        'f' << 16 | 'e' << 8 | 'b' => 2,
        'm' << 16 | 'a' << 8 | 'r' => 3,
        'a' << 16 | 'p' << 8 | 'r' => 4,
        'm' << 16 | 'a' << 8 | 'y' => 5,
        'j' << 16 | 'u' << 8 | 'n' => 6,
        'j' << 16 | 'u' << 8 | 'l' => 7,
        'a' << 16 | 'u' << 8 | 'g' => 8,
        's' << 16 | 'e' << 8 | 'p' => 9,
        'o' << 16 | 'c' << 8 | 't' => 10,
        'n' << 16 | 'o' << 8 | 'v' => 11,
        'd' << 16 | 'e' << 8 | 'c' => 12,
        _ => 0,
    };
}
