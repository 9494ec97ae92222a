using System.Globalization;
using DuckDB.NET.Data;
using Footfall.History.Schema;

namespace Footfall.History.Export;

/// <summary>
/// Writes Parquet with a separate engine that sees only the rows: the instance with the history never reads or writes other files.
/// </summary>
internal static class ParquetFile
{
    /// <summary>The engine holds one row group at a time, about 120,000 rows.</summary>
    private const string MemoryLimit = "512MiB";

    /// <exception cref="ExportFailedException">The file can't be written.</exception>
    public static void Write(string file, IReadOnlyList<ExportColumn> columns, IEnumerable<object?[]> rows,
        CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            using var connection = new DuckDBConnection("DataSource=:memory:");
            connection.Open();
            connection.Execute($"SET memory_limit = '{MemoryLimit}'");
            connection.Execute("SET threads = 1");
            connection.Execute($"SET temp_directory = {DuckDbExtensions.Quote(file + ".tmp")}");
            connection.RegisterTableFunction("exported",
                () => new TableFunction([.. columns.Select(column => new ColumnInfo(column.Name, TypeOf(column.Type)))], WatchedRows()),
                (row, writers, index) =>
                {
                    for (var i = 0; i < columns.Count; i++) WriteValue((object?[])row!, i, columns[i].Type, writers[i], index);
                });
            using var command = connection.CreateCommand();
            command.CommandText =
                $"COPY (SELECT {string.Join(", ", columns.Select(ColumnExpression))} FROM exported()) TO {DuckDbExtensions.Quote(file)} " +
                $"(FORMAT parquet, COMPRESSION zstd)";
            using var registration = cancellationToken.Register(static state => ((DuckDBCommand)state!).Cancel(), command);
            command.ExecuteNonQuery();
        }
        catch (DuckDBException error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
            throw new ExportFailedException($"The Parquet file can't be written: {HistoryFault.Describe(error.Message)}", error);
        }
        cancellationToken.ThrowIfCancellationRequested();

        // The engine reports errors here only as text.
        IEnumerable<object?[]> WatchedRows()
        {
            using var enumerator = rows.GetEnumerator();
            while (MoveNext(enumerator)) yield return enumerator.Current;
        }

        bool MoveNext(IEnumerator<object?[]> enumerator)
        {
            try
            {
                return enumerator.MoveNext();
            }
            catch (Exception error)
            {
                failure = error;
                throw;
            }
        }
    }

    private static Type TypeOf(ExportColumnType type) => type switch
    {
        ExportColumnType.Number or ExportColumnType.Time or ExportColumnType.Day => typeof(long),
        ExportColumnType.Flag => typeof(bool),
        _ => typeof(string),
    };

    private static void WriteValue(object?[] row, int index, ExportColumnType type,
        DuckDB.NET.Data.DataChunk.Writer.IDuckDBDataWriter writer, ulong rowIndex)
    {
        switch (row[index])
        {
            case null: writer.WriteNull(rowIndex); break;
            case long number: writer.WriteValue(number, rowIndex); break;
            case bool flag: writer.WriteValue(flag, rowIndex); break;
            case decimal amount: writer.WriteValue(amount.ToString(CultureInfo.InvariantCulture), rowIndex); break;
            case string text: writer.WriteValue(text, rowIndex); break;
            case var other: throw new InvalidOperationException($"A column of {type} has a {other.GetType()}.");
        }
    }

    private static string ColumnExpression(ExportColumn column) => column.Type switch
    {
        ExportColumnType.Amount => $"\"{column.Name}\"::DECIMAL(18, 6) AS \"{column.Name}\"",
        ExportColumnType.Time => $"make_timestamp(\"{column.Name}\" * 1000) AS \"{column.Name}\"",
        ExportColumnType.Day => $"(DATE '1970-01-01' + \"{column.Name}\"::INTEGER) AS \"{column.Name}\"",
        ExportColumnType.Json => $"\"{column.Name}\"::JSON AS \"{column.Name}\"",
        _ => $"\"{column.Name}\"",
    };
}
