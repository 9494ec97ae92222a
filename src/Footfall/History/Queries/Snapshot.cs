using DuckDB.NET.Data;

namespace Footfall.History.Queries;

/// <summary>One consistent state of the store, whatever is written meanwhile.</summary>
/// <remarks>
/// Its errors are <see cref="HistoryUnavailableException"/>, <see cref="InvalidPatternException"/> for a pattern of the user, and
/// <see cref="OperationCanceledException"/> after it has stopped the engine.
/// </remarks>
internal sealed class Snapshot : IDisposable
{
    private const string InvalidInput = "Invalid Input Error: ";

    private readonly DuckDBConnection _connection;
    private readonly CancellationToken _cancellationToken;

    private Snapshot(DuckDBConnection connection, CancellationToken cancellationToken)
    {
        _connection = connection;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Begins a transaction that only reads.</summary>
    /// <param name="open">Opens a connection, which the snapshot closes.</param>
    public static Snapshot Begin(Func<DuckDBConnection> open, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Snapshot snapshot;
        try
        {
            snapshot = new Snapshot(open(), cancellationToken);
        }
        catch (DuckDBException error)
        {
            throw ToHistoryException(error);
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
    public List<T> Read<T>(string sql, SqlParameters? parameters, Func<DuckDBDataReader, T> row)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var value in parameters?.Values ?? []) command.Parameters.Add(new DuckDBParameter(value));
        // The engine checks for interrupts at each of its steps, so that a long query ends within milliseconds.
        using var registration = _cancellationToken.Register(static state => ((DuckDBCommand)state!).Cancel(), command);
        try
        {
            var rows = new List<T>();
            using var reader = command.ExecuteReader();
            while (reader.Read()) rows.Add(row(reader));
            _cancellationToken.ThrowIfCancellationRequested();
            return rows;
        }
        catch (DuckDBException error)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            throw ToHistoryException(error);
        }
    }

    /// <summary>Validates a user's regular expression in the engine, so that no later statement fails because of it.</summary>
    public void CheckPattern(string pattern)
    {
        var parameters = new SqlParameters();
        try
        {
            Read($"SELECT regexp_matches('', {parameters.Add(pattern)})", parameters, static _ => 0);
        }
        catch (HistoryUnavailableException error) when (error.InnerException is DuckDBException { Message: var message }
            && message.StartsWith(InvalidInput, StringComparison.Ordinal))
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

    private static HistoryUnavailableException ToHistoryException(DuckDBException error) =>
        new($"The history can't be read: {HistoryFault.Describe(error.Message)}", error);
}
