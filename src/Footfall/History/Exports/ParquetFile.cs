using System.Globalization;
using DuckDB.NET.Data;
using Footfall.History.Store;

namespace Footfall.History.Exports;

/// <summary>
/// Writes Parquet with an engine of its own, which sees the rows and nothing else: the instance that has the history never reads or writes other files.
/// </summary>
internal static class ParquetFile
{
    /// <summary>The engine holds a group of rows at a time, some 120,000.</summary>
    private const string Memory = "512MiB";

    /// <exception cref="ExportFailedException">The file can't be written.</exception>
    public static void Write(string file, IReadOnlyList<ExportColumn> columns, IEnumerable<object?[]> rows, CancellationToken cancel)
    {
        Exception? failed = null;
        try
        {
            using var connection = new DuckDBConnection("DataSource=:memory:");
            connection.Open();
            connection.Run($"SET memory_limit = '{Memory}'");
            connection.Run("SET threads = 1");
            connection.Run($"SET temp_directory = {DuckDbCommands.Quoted(file + ".tmp")}");
            connection.RegisterTableFunction("exported",
                () => new TableFunction([.. columns.Select(column => new ColumnInfo(column.Name, TypeOf(column.Type)))], Watched()),
                (row, writers, place) =>
                {
                    for (var i = 0; i < columns.Count; i++) WriteValue((object?[])row!, i, columns[i].Type, writers[i], place);
                });
            using var command = connection.CreateCommand();
            command.CommandText = $"COPY (SELECT {string.Join(", ", columns.Select(Expression))} FROM exported()) TO {DuckDbCommands.Quoted(file)} (FORMAT parquet, COMPRESSION zstd)";
            using var registration = cancel.Register(static state => ((DuckDBCommand)state!).Cancel(), command);
            command.ExecuteNonQuery();
        }
        catch (DuckDBException error)
        {
            cancel.ThrowIfCancellationRequested();
            if (failed is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failed);
            throw new ExportFailedException($"The Parquet file can't be written: {HistoryTrouble.Sentence(error.Message)}", error);
        }
        cancel.ThrowIfCancellationRequested();

        // What goes wrong here comes out of the engine as a text only.
        IEnumerable<object?[]> Watched()
        {
            using var each = rows.GetEnumerator();
            while (Move(each)) yield return each.Current;
        }

        bool Move(IEnumerator<object?[]> each)
        {
            try
            {
                return each.MoveNext();
            }
            catch (Exception error)
            {
                failed = error;
                throw;
            }
        }
    }

    private static Type TypeOf(ExportType type) => type switch
    {
        ExportType.Number or ExportType.Time or ExportType.Day => typeof(long),
        ExportType.Flag => typeof(bool),
        _ => typeof(string),
    };

    private static void WriteValue(object?[] row, int place, ExportType type, DuckDB.NET.Data.DataChunk.Writer.IDuckDBDataWriter writer, ulong at)
    {
        switch (row[place])
        {
            case null: writer.WriteNull(at); break;
            case long number: writer.WriteValue(number, at); break;
            case bool flag: writer.WriteValue(flag, at); break;
            case decimal amount: writer.WriteValue(amount.ToString(CultureInfo.InvariantCulture), at); break;
            case string text: writer.WriteValue(text, at); break;
            case var other: throw new InvalidOperationException($"A column of {type} has a {other.GetType()}.");
        }
    }

    private static string Expression(ExportColumn column) => column.Type switch
    {
        ExportType.Amount => $"\"{column.Name}\"::DECIMAL(18, 6) AS \"{column.Name}\"",
        ExportType.Time => $"make_timestamp(\"{column.Name}\" * 1000) AS \"{column.Name}\"",
        ExportType.Day => $"(DATE '1970-01-01' + \"{column.Name}\"::INTEGER) AS \"{column.Name}\"",
        ExportType.Json => $"\"{column.Name}\"::JSON AS \"{column.Name}\"",
        _ => $"\"{column.Name}\"",
    };
}
