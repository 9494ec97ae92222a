namespace Footfall.Api;

internal static partial class Log
{
    /// <summary>The store says at a level of its own that it fails; this one tells who asked in the meantime.</summary>
    [LoggerMessage(601, LogLevel.Debug, "A query was answered 503: {Reason}")]
    public static partial void HistoryUnavailable(this ILogger logger, string reason);

    [LoggerMessage(602, LogLevel.Error, "An export was answered 503: {Reason}")]
    public static partial void ExportFailed(this ILogger logger, string reason);

    [LoggerMessage(604, LogLevel.Warning, "An export was ended: its client took it too slowly, and kept others from exporting.")]
    public static partial void ExportCut(this ILogger logger);

    [LoggerMessage(603, LogLevel.Debug, "The live figures of today and yesterday wait for the history: {Reason}")]
    public static partial void FiguresDelayed(this ILogger logger, string reason);
}
