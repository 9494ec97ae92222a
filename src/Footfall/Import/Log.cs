namespace Footfall.Import;

internal static partial class Log
{
    [LoggerMessage(140, LogLevel.Information, "Import of an access log: {Status}, {Lines} new lines, {Pages} page views, {Visits} visits")]
    public static partial void AccessLogImported(ILogger logger, ImportStatus status, long lines, long pages, long visits);

    [LoggerMessage(142, LogLevel.Information, "Import of orders: {Status}, {Lines} lines, {Purchases} purchases, {Refunds} refunds")]
    public static partial void OrdersImported(ILogger logger, ImportStatus status, long lines, long purchases, long refunds);

    [LoggerMessage(141, LogLevel.Information, "An import was interrupted: everything it had read is saved")]
    public static partial void ImportAborted(ILogger logger);
}
