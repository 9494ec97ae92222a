namespace Footfall.Collect.AccessLog;

internal static partial class Log
{
    [LoggerMessage(140, LogLevel.Information, "Import of an access log: {Status}, {Lines} new lines, {Pages} page views, {Visits} visits")]
    public static partial void Imported(ILogger logger, ImportStatus status, long lines, long pages, long visits);

    [LoggerMessage(141, LogLevel.Information, "An import of an access log broke off: what was read is durable")]
    public static partial void ImportBrokeOff(ILogger logger);
}
