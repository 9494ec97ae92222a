namespace Footfall.Import.AccessLog;

/// <summary>
/// Reads a line of the common or the combined format, as Apache and nginx write them:
/// <c>[vhost:port ]client identity user [time] "request" status bytes[ "referrer" "User-Agent"[ anything]]</c>.
/// Works on the bytes in place and never throws.
/// </summary>
internal static class AccessLogParser
{
    /// <summary>The longest line that is read, in bytes. Web servers limit a request line and each header to 8 KB.</summary>
    public const int MaxLineBytes = 64 * 1024;

    /// <param name="text">Without its line end.</param>
    public static LogLineError Parse(ReadOnlySpan<byte> text, out AccessLogLine line)
    {
        line = default;
        if (text.Length > MaxLineBytes) return LogLineError.TooLong;
        var time = FindTime(text, out line.Time);
        if (time < 0) return LogLineError.Time;
        if (!TryReadClient(text[..time], out line.Host)) return LogLineError.Client;
        var rest = text[(time + " [".Length + LogTime.Length + "]".Length)..];
        if (!TryReadQuoted(ref rest, out var request)) return LogLineError.Request;
        line.Method = ParseMethod(request);
        line.Target = ParseTarget(request);
        if (!TryReadStatus(ref rest, out line.Status)) return LogLineError.Status;
        if (!TryReadSize(ref rest)) return LogLineError.Size;
        if (rest is not [(byte)' ', (byte)'"', ..]) return LogLineError.None;
        if (!TryReadQuoted(ref rest, out line.Referrer)) return LogLineError.Referrer;
        if (!TryReadQuoted(ref rest, out line.UserAgent)) return LogLineError.UserAgent;
        if (line.Referrer.SequenceEqual("-"u8)) line.Referrer = default;
        if (line.UserAgent.SequenceEqual("-"u8)) line.UserAgent = default;
        line.Combined = true;
        return LogLineError.None;
    }

    /// <summary>The index of the first valid <c> [time]</c>: a user's name may have spaces and brackets too.</summary>
    private static int FindTime(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        for (var from = 0; ;)
        {
            var found = text[from..].IndexOf(" ["u8);
            if (found < 0) return -1;
            var start = from + found + 2;
            if (text.Length <= start + LogTime.Length) return -1;
            if (text[start + LogTime.Length] == ']' && LogTime.TryParse(text.Slice(start, LogTime.Length), out milliseconds))
                return from + found;
            from = start;
        }
    }

    /// <param name="before">The text before the time: <c>client identity user</c>, perhaps after <c>vhost:port</c>.</param>
    private static bool TryReadClient(ReadOnlySpan<byte> before, out ReadOnlySpan<byte> client)
    {
        // A proxy's list of addresses: the first is the client.
        client = ReadWord(ref before).TrimEnd((byte)',');
        var second = ReadWord(ref before);
        var third = ReadWord(ref before);
        if (client.IsEmpty || second.IsEmpty) return false;
        if (!before.IsEmpty && !IsAddress(client) && (IsAddress(second) || HasPort(client))) client = second;
        else if (third.IsEmpty) return false;
        return true;
    }

    private static ReadOnlySpan<byte> ReadWord(scoped ref ReadOnlySpan<byte> text)
    {
        var space = text.IndexOf((byte)' ');
        var word = space < 0 ? text : text[..space];
        text = space < 0 ? default : text[(space + 1)..];
        return word;
    }

    private static bool IsAddress(ReadOnlySpan<byte> word) => LogAddress.TryParse(word, out _);

    private static bool HasPort(ReadOnlySpan<byte> word)
    {
        var colon = word.LastIndexOf((byte)':');
        return colon > 0 && colon < word.Length - 1 && !word[(colon + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    /// <summary>Takes <c> "…"</c>; a quote after a backslash does not close.</summary>
    private static bool TryReadQuoted(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> quoted)
    {
        quoted = default;
        if (rest is not [(byte)' ', (byte)'"', ..]) return false;
        for (var index = 2; ;)
        {
            var found = rest[index..].IndexOfAny((byte)'"', (byte)'\\');
            if (found < 0) return false;
            index += found;
            if (rest[index] == '"')
            {
                quoted = rest[2..index];
                rest = rest[(index + 1)..];
                return true;
            }
            index += 2;
            if (index >= rest.Length) return false;
        }
    }

    /// <summary>The first token of the request; the whole request if it has only one (not HTTP).</summary>
    private static ReadOnlySpan<byte> ParseMethod(ReadOnlySpan<byte> request)
    {
        var space = request.IndexOf((byte)' ');
        if (space >= 0) return request[..space];
        return request.SequenceEqual("-"u8) ? default : request;
    }

    /// <summary>
    /// What is between the method and the version, which HTTP/0.9 lacks (RFC 9112, 3); an unencoded space belongs to the target.
    /// </summary>
    private static ReadOnlySpan<byte> ParseTarget(ReadOnlySpan<byte> request)
    {
        var space = request.IndexOf((byte)' ');
        if (space < 0) return default;
        var target = request[(space + 1)..];
        var last = target.LastIndexOf((byte)' ');
        return last >= 0 && target[(last + 1)..].StartsWith("HTTP/"u8) ? target[..last] : target;
    }

    private static bool TryReadStatus(scoped ref ReadOnlySpan<byte> rest, out int status)
    {
        status = 0;
        if (rest is not [(byte)' ', >= (byte)'1' and <= (byte)'9', >= (byte)'0' and <= (byte)'9', >= (byte)'0' and <= (byte)'9', (byte)' ',
            ..]) return false;
        status = (rest[1] - '0') * 100 + (rest[2] - '0') * 10 + (rest[3] - '0');
        rest = rest[4..];
        return true;
    }

    private static bool TryReadSize(scoped ref ReadOnlySpan<byte> rest)
    {
        var space = rest[1..].IndexOf((byte)' ');
        var size = space < 0 ? rest[1..] : rest.Slice(1, space);
        rest = space < 0 ? default : rest[(space + 1)..];
        return size.SequenceEqual("-"u8) || !size.IsEmpty && !size.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }
}
