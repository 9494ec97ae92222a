namespace Footfall.Hosting;

internal static partial class Log
{
    [LoggerMessage(701, LogLevel.Information,
        "Footfall {Version} listens on {Addresses}. Data: {Data}, {Durability}. Countries: {Countries}.")]
    public static partial void Started(this ILogger logger, string version, string addresses, string data, string durability,
        string countries);

    [LoggerMessage(702, LogLevel.Error, "A request to {Endpoint} failed; the response was 500.")]
    public static partial void RequestFailed(this ILogger logger, string endpoint, Exception error);

    [LoggerMessage(703, LogLevel.Error, "A response from {Endpoint} was cut off.")]
    public static partial void ResponseFailed(this ILogger logger, string endpoint, Exception error);

    [LoggerMessage(704, LogLevel.Information, "Stopped.")]
    public static partial void Stopped(this ILogger logger);

    [LoggerMessage(705, LogLevel.Information, "Stopping: no longer ready, but requests are still accepted for {Seconds} s.")]
    public static partial void Draining(this ILogger logger, int seconds);

    [LoggerMessage(706, LogLevel.Warning, "The process may open {Descriptors} files, so it accepts at most {Connections} connections at "
        + "once instead of {Most}. Raise the limit (ulimit -n, LimitNOFILE in systemd) for more.")]
    public static partial void FewFileDescriptors(this ILogger logger, long descriptors, int connections, int most);

    [LoggerMessage(707, LogLevel.Warning, "{Most} connections are open, which is the limit; further ones are closed. This is logged at "
        + "most once a minute.")]
    public static partial void TooManyConnections(this ILogger logger, int most);

    [LoggerMessage(710, LogLevel.Information, "All data of {Site} was deleted by command: {Visits} visits, {Hits} hits from the history.")]
    public static partial void SiteDeleted(this ILogger logger, string site, long visits, long hits);

    [LoggerMessage(711, LogLevel.Error, "A site's data can't be deleted completely: {Reason} The next attempt is in a minute.")]
    public static partial void DeletionFailed(this ILogger logger, string reason);

    [LoggerMessage(712, LogLevel.Information, "A backup is copying the history; the projection waits.")]
    public static partial void HistoryHeld(this ILogger logger);
}
