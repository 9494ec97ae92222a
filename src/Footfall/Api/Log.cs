namespace Footfall.Api;

internal static partial class Log
{
    /// <summary>The store logs its failure at its own level; this entry logs the requests that failed meanwhile.</summary>
    [LoggerMessage(601, LogLevel.Debug, "A query returned 503: {Reason}")]
    public static partial void HistoryUnavailable(this ILogger logger, string reason);

    [LoggerMessage(602, LogLevel.Error, "An export returned 503: {Reason}")]
    public static partial void ExportFailed(this ILogger logger, string reason);

    [LoggerMessage(604, LogLevel.Warning, "An export was canceled: its client read too slowly, and blocked other exports.")]
    public static partial void ExportCut(this ILogger logger);

    [LoggerMessage(603, LogLevel.Debug, "The live statistics of today and yesterday wait for the history: {Reason}")]
    public static partial void FiguresDelayed(this ILogger logger, string reason);
}
