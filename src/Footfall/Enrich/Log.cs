namespace Footfall.Enrich;

internal static partial class Log
{
    [LoggerMessage(200, LogLevel.Warning,
        "In {Directory} {Effects}. Install Node.js 20 or later, which brings npm, and build again.")]
    public static partial void ReferenceDataMissing(this ILogger logger, string directory, string effects);

    [LoggerMessage(201, LogLevel.Error, "The country database {Database} is damaged: addresses whose entry can't be read are counted as "
        + "ZZ. Replace the file.")]
    public static partial void CountryDatabaseUnreadable(this ILogger logger, Exception error, string database);
}
