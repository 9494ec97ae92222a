namespace Footfall.Journal;

internal static partial class SaltLog
{
    [LoggerMessage(350, LogLevel.Error, "Salts older than 48 hours could not be destroyed; the next try is in a minute.")]
    public static partial void SaltsNotDestroyed(this ILogger logger, Exception error);
}
