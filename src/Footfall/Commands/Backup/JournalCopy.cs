using Footfall.Journal.Sqlite;
using Microsoft.Data.Sqlite;

namespace Footfall.Commands.Backup;

/// <summary>Copies a journal that may be written meanwhile.</summary>
internal static class JournalCopy
{
    /// <summary>
    /// Copies the state of the last commit, while others are committed: a reader and the writer do not wait for each other
    /// (https://www.sqlite.org/wal.html). VACUUM INTO instead of the backup API, whose copy includes deleted data.
    /// </summary>
    /// <exception cref="SqliteException">The journal can't be read, or the disk is full.</exception>
    public static Task CreateAsync(string journal, string copy, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using var connection = Open(journal);
            using var command = connection.CreateCommand();
            command.CommandText = "VACUUM INTO $copy";
            command.Parameters.AddWithValue("$copy", copy);
            using var registration = cancellationToken.Register(() => SQLitePCL.raw.sqlite3_interrupt(connection.Handle));
            try
            {
                command.ExecuteNonQuery();
            }
            catch (SqliteException) when (cancellationToken.IsCancellationRequested)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        },
        cancellationToken);

    /// <summary>Reads the identity and last commit of a copied journal.</summary>
    /// <exception cref="SqliteException">It is not a journal, or damaged.</exception>
    public static (Guid Identity, long Position) ReadIdentity(string copy)
    {
        foreach (var row in SqliteStore.QueryReadOnly(copy, "SELECT id, (SELECT coalesce(max(position), 0) FROM batches) FROM identity"))
            return (new Guid(row.GetFieldValue<byte[]>(0)), row.GetInt64(1));
        throw new SqliteException("The journal has no identity.", 1);
    }

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = 60
        }.ToString());
        connection.Open();
        return connection;
    }
}
