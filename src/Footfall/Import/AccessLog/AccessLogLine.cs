namespace Footfall.Import.AccessLog;

/// <summary>
/// One line of an access log, as parts of the line itself: quoted parts still with their escapes (see <see cref="LogStringDecoder"/>).
/// </summary>
internal ref struct AccessLogLine
{
    /// <summary>The client: an IPv4 or IPv6 address, or a host name where the web server looks names up.</summary>
    public ReadOnlySpan<byte> Host;

    /// <summary>When the request came: Unix time in milliseconds.</summary>
    public long Time;

    /// <summary>Upper case, such as <c>GET</c>; whatever the line has if the request is not HTTP; empty for none.</summary>
    public ReadOnlySpan<byte> Method;

    /// <summary>The request target (RFC 9112, 3.2): a path with its query, or an absolute URI. Empty for none.</summary>
    public ReadOnlySpan<byte> Target;

    /// <summary>100 to 999.</summary>
    public int Status;

    /// <summary>Empty for none.</summary>
    public ReadOnlySpan<byte> Referrer;

    /// <summary>Empty for none.</summary>
    public ReadOnlySpan<byte> UserAgent;

    /// <summary>Whether the line is of the combined format; otherwise of the common one, without referrer and User-Agent.</summary>
    public bool Combined;
}

/// <summary>What is wrong with a line.</summary>
internal enum LogLineError : byte
{
    None = 0,

    /// <summary>Over <see cref="AccessLogParser.MaxLineBytes"/>.</summary>
    TooLong,
    Client,
    Time,
    Request,
    Status,
    Size,
    Referrer,
    UserAgent,
}

internal static class LogLineErrors
{
    /// <summary>The message for a person; follows "line 12: ".</summary>
    public static string Describe(this LogLineError error) => error switch
    {
        LogLineError.TooLong => $"longer than {AccessLogParser.MaxLineBytes:N0} bytes",
        LogLineError.Client => "does not begin with an address or host name, an identity and a user",
        LogLineError.Time => "has no time such as [17/May/2015:10:05:03 +0000]",
        LogLineError.Request => "the quotes around the request are missing or do not close",
        LogLineError.Status => "has no three-digit status after the request",
        LogLineError.Size => "has no number of bytes (or -) after the status",
        LogLineError.Referrer => "the quotes around the referrer do not close",
        LogLineError.UserAgent => "the quotes around the User-Agent are missing or do not close",
        _ => "",
    };
}
