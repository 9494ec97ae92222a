using DuckDB.NET.Data;
using Footfall.History.Store;

namespace Footfall.History.Planning;

/// <summary>One state of the store: all that is read of it belongs together, whatever is written meanwhile.</summary>
/// <remarks>
/// Its errors are <see cref="HistoryUnavailableException"/>, <see cref="InvalidPatternException"/> for a pattern of the user, and
/// <see cref="OperationCanceledException"/> after it has stopped the engine.
/// </remarks>
internal sealed class Snapshot : IDisposable
{
    private const string InvalidInput = "Invalid Input Error: ";

    private readonly DuckDBConnection _connection;
    private readonly CancellationToken _cancel;

    private Snapshot(DuckDBConnection connection, CancellationToken cancel)
    {
        _connection = connection;
        _cancel = cancel;
    }

    /// <summary>Begins a transaction that only reads.</summary>
    /// <param name="open">Makes an open connection, which the snapshot closes.</param>
    public static Snapshot Begin(Func<DuckDBConnection> open, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Snapshot snapshot;
        try
        {
            snapshot = new Snapshot(open(), cancel);
        }
        catch (DuckDBException error)
        {
            throw Said(error);
        }
        try
        {
            snapshot.Execute("BEGIN TRANSACTION READ ONLY");
            return snapshot;
        }
        catch
        {
            snapshot._connection.Dispose();
            throw;
        }
    }

    /// <summary>Reads all rows of a statement.</summary>
    public List<T> Read<T>(string sql, Parameters? parameters, Func<DuckDBDataReader, T> row)
    {
        _cancel.ThrowIfCancellationRequested();
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var value in parameters?.Values ?? []) command.Parameters.Add(new DuckDBParameter(value));
        // The engine looks at the interrupt at each of its steps, so that a query of hours ends in milliseconds.
        using var registration = _cancel.Register(static state => ((DuckDBCommand)state!).Cancel(), command);
        try
        {
            var rows = new List<T>();
            using var reader = command.ExecuteReader();
            while (reader.Read()) rows.Add(row(reader));
            _cancel.ThrowIfCancellationRequested();
            return rows;
        }
        catch (DuckDBException error)
        {
            _cancel.ThrowIfCancellationRequested();
            throw Said(error);
        }
    }

    /// <summary>Lets the engine read a regular expression of a user, so that no later statement can fail by it.</summary>
    public void CheckPattern(string pattern)
    {
        var parameters = new Parameters();
        try
        {
            Read($"SELECT regexp_matches('', {parameters.Add(pattern)})", parameters, static _ => 0);
        }
        catch (HistoryUnavailableException error) when (error.InnerException is DuckDBException { Message: var message } && message.StartsWith(InvalidInput, StringComparison.Ordinal))
        {
            throw new InvalidPatternException(pattern, message[InvalidInput.Length..].Split('\n')[0].TrimEnd('.', ' '), error);
        }
    }

    public void Dispose()
    {
        // The transaction ends with its connection: nothing was written that a rollback would undo.
        _connection.Dispose();
    }

    private void Execute(string sql) => Read(sql, null, static _ => 0);

    private static HistoryUnavailableException Said(DuckDBException error) => new($"The history can't be read: {HistoryTrouble.Sentence(error.Message)}", error);
}
