using Footfall.Common;

namespace Footfall.History;

/// <summary>Gives out what the history holds, row by row.</summary>
internal interface IHistoryExport
{
    /// <summary>Whether closed days are added up by a dimension.</summary>
    bool HasRollup(Dimension dimension);

    /// <summary>Begins to read. Nothing of the store is held between the pieces: a reader that is slow is in nobody's way.</summary>
    /// <exception cref="HistoryUnavailableException">The store can't be read now.</exception>
    Task<IExportReader> OpenAsync(ExportRequest request, CancellationToken cancellationToken);
}

/// <summary>An export under way, from its first row to its last.</summary>
internal interface IExportReader
{
    IReadOnlyList<ExportColumn> Columns { get; }

    /// <summary>The next rows, each with a value for every column; none at the end.</summary>
    /// <inheritdoc cref="IHistory.QueryAsync(StatsQuery, CancellationToken)"/>
    Task<IReadOnlyList<object?[]>> ReadNextAsync(CancellationToken cancellationToken);

    /// <summary>Writes all rows into a file of Apache Parquet.</summary>
    /// <param name="file">Is made.</param>
    /// <exception cref="ExportFailedException">The file can't be written.</exception>
    /// <inheritdoc cref="ReadNextAsync"/>
    Task WriteParquetAsync(string file, CancellationToken cancellationToken);
}

/// <summary>What is wanted.</summary>
/// <param name="Dimension">Of rollups; null for the totals of days.</param>
internal sealed record ExportRequest(Site Site, Period Period, ExportKind Kind, Dimension? Dimension);

internal enum ExportKind
{
    Hits,
    Visits,

    /// <summary>Of closed days.</summary>
    Rollups,
}

/// <summary>A column.</summary>
internal readonly record struct ExportColumn(string Name, ExportColumnType Type);

/// <summary>The type of a column's values. Null means no value; a text is never empty.</summary>
internal enum ExportColumnType
{
    /// <summary>A <see cref="string"/>.</summary>
    Text,

    /// <summary>JSON in a <see cref="string"/>.</summary>
    Json,

    /// <summary>A <see cref="long"/>.</summary>
    Number,

    /// <summary>A <see cref="decimal"/>.</summary>
    Amount,

    /// <summary>Unix time in milliseconds, a <see cref="long"/>.</summary>
    Time,

    /// <summary>Days since 1970-01-01, a <see cref="long"/>.</summary>
    Day,

    /// <summary>A <see cref="bool"/>.</summary>
    Flag,
}

/// <summary>A file could not be written; the sentence says why.</summary>
internal sealed class ExportFailedException(string message, Exception? inner = null) : IOException(message, inner);
