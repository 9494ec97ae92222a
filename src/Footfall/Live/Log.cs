namespace Footfall.Live;

internal static partial class Log
{
    [LoggerMessage(501, LogLevel.Information, "A live stream was closed: its client read nothing for {Seconds} s")]
    public static partial void SubscriberDropped(this ILogger logger, double seconds);

    [LoggerMessage(502, LogLevel.Error, "The live statistics of {Site} could not be published; the next attempt follows at once")]
    public static partial void PublishFailed(this ILogger logger, Exception error, string site);
}
