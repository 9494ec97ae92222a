using Footfall.Common;

namespace Footfall.History;

/// <summary>Exports the history row by row.</summary>
internal interface IHistoryExport
{
    /// <summary>Whether there are rollups of closed days by a dimension.</summary>
    bool HasRollup(Dimension dimension);

    /// <summary>Starts an export. No lock or transaction is held between chunks, so a slow reader blocks nothing.</summary>
    /// <exception cref="HistoryUnavailableException">The store can't be read now.</exception>
    Task<IExportReader> OpenAsync(ExportRequest request, CancellationToken cancellationToken);
}

/// <summary>An export in progress.</summary>
internal interface IExportReader
{
    IReadOnlyList<ExportColumn> Columns { get; }

    /// <summary>The next rows, each with a value for every column; none at the end.</summary>
    /// <inheritdoc cref="IHistory.QueryAsync(StatsQuery, CancellationToken)"/>
    Task<IReadOnlyList<object?[]>> ReadNextAsync(CancellationToken cancellationToken);

    /// <summary>Writes all rows into a file of Apache Parquet.</summary>
    /// <param name="file">Is created.</param>
    /// <exception cref="ExportFailedException">The file can't be written.</exception>
    /// <inheritdoc cref="ReadNextAsync"/>
    Task WriteParquetAsync(string file, CancellationToken cancellationToken);
}

/// <summary>What to export.</summary>
/// <param name="Dimension">The dimension of rollups; null for daily totals.</param>
internal sealed record ExportRequest(Site Site, Period Period, ExportKind Kind, Dimension? Dimension);

internal enum ExportKind
{
    Hits,
    Visits,

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

/// <summary>A file could not be written; the message says why.</summary>
internal sealed class ExportFailedException(string message, Exception? inner = null) : IOException(message, inner);
