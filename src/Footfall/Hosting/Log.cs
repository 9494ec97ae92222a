namespace Footfall.Hosting;

internal static partial class Log
{
    [LoggerMessage(701, LogLevel.Information, "Footfall {Version} listens on {Addresses}. Data: {Data}, {Durability}. Countries: {Countries}.")]
    public static partial void Started(this ILogger logger, string version, string addresses, string data, string durability, string countries);

    [LoggerMessage(702, LogLevel.Error, "A request to {Endpoint} failed; it was answered 500.")]
    public static partial void RequestFailed(this ILogger logger, string endpoint, Exception error);

    [LoggerMessage(703, LogLevel.Error, "An answer of {Endpoint} broke off.")]
    public static partial void AnswerFailed(this ILogger logger, string endpoint, Exception error);

    [LoggerMessage(704, LogLevel.Information, "Stopped.")]
    public static partial void Stopped(this ILogger logger);
}
