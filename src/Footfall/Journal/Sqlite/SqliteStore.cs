using System.Security.Cryptography;
using Footfall.Common;
using Microsoft.Data.Sqlite;

namespace Footfall.Journal.Sqlite;

/// <summary>The SQL of the journal: one connection, used by one thread.</summary>
internal sealed class SqliteStore : IDisposable
{
    public const int DeleteLimit = 200;

    private static readonly string[] Migrations =
        ["001_journal.sql", "002_identity.sql", "003_imported.sql", "004_deletions.sql", "005_secret.sql"];

    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _begin, _commit, _rollback, _insertBatch, _insertKeys, _insertSite, _insertCounter, _updateCounter,
        _saveImport, _saveImported;

    /// <param name="file">The path of the database; created if it is missing.</param>
    /// <param name="fsync">Whether a commit waits for the disk.</param>
    /// <exception cref="SqliteException">The file can't be opened, or is no database.</exception>
    public SqliteStore(string file, bool fsync)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        _connection.Open();
        // In WAL mode, NORMAL syncs only checkpoints: a killed process loses nothing, a power failure the last moments.
        Execute($"PRAGMA journal_mode = WAL; PRAGMA synchronous = {(fsync ? "FULL" : "NORMAL")}; PRAGMA wal_autocheckpoint = 4000; " +
            $"PRAGMA temp_store = MEMORY; PRAGMA busy_timeout = 5000;");
        Migrate();
        _begin = new(_connection, "BEGIN IMMEDIATE");
        _commit = new(_connection, "COMMIT");
        _rollback = new(_connection, "ROLLBACK");
        _insertBatch = new(_connection, "INSERT INTO batches (position, committed_at, hits, body) VALUES (?, ?, ?, ?)");
        _insertKeys = new(_connection, "INSERT INTO keys (position, committed_at, pairs) VALUES (?, ?, ?)");
        _insertSite = new(_connection, "INSERT OR IGNORE INTO sites (id, domain) VALUES (?, ?)");
        _insertCounter = new(_connection, "INSERT INTO counters (id, site, country, visits, day, today) VALUES (?, ?, ?, ?, ?, ?)");
        _updateCounter = new(_connection, "UPDATE counters SET visits = ?, day = ?, today = ? WHERE id = ?");
        _saveImport = new(_connection,
            "INSERT INTO imports (id, source, length, hash) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET length = excluded.length, " +
            "hash = excluded.hash");
        _saveImported = new(_connection, "INSERT OR IGNORE INTO imported (id, site) VALUES (?, ?)");
    }

    public SqliteConnection Connection => _connection;

    /// <summary>Opens the database, or throws with the reason.</summary>
    /// <exception cref="StartupException">The file can't be opened, or is no journal of this program.</exception>
    public static SqliteStore Open(string file, bool fsync)
    {
        try
        {
            return new SqliteStore(file, fsync);
        }
        catch (SqliteException error)
        {
            throw new StartupException($"The journal {Path.GetFullPath(file)} can't be opened: {error.Message.TrimEnd('.')}. "
                + "If it is damaged, restore a backup (footfall restore): docs/journal-behind.md.", error);
        }
    }

    /// <summary>The rows of a query on its own connection, separate from the writer's.</summary>
    public static IEnumerable<SqliteDataReader> QueryReadOnly(string file, string sql, params (string Name, object Value)[] parameters)
    {
        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using var command = CreateCommand(connection, sql, parameters);
        using var reader = command.ExecuteReader();
        while (reader.Read()) yield return reader;
    }

    /// <summary>Reads the progress of the imports of a source.</summary>
    public static IReadOnlyList<ImportCheckpoint> ReadCheckpoints(string file, string source) =>
    [
        .. QueryReadOnly(file, "SELECT id, length, hash FROM imports WHERE source = $source", ("$source", source))
            .Select(row => new ImportCheckpoint(source, new Guid(row.GetFieldValue<byte[]>(0)), row.GetInt64(1),
                row.GetFieldValue<byte[]>(2))),
    ];

    /// <summary>Finds which items were already imported.</summary>
    public static IReadOnlySet<Guid> FindImported(string file, IReadOnlyCollection<Guid> ids)
    {
        if (ids.Count == 0) return new HashSet<Guid>();
        var list = $"[{string.Join(',', ids.Select(id => $"\"{Convert.ToHexString(id.ToByteArray())}\""))}]";
        return QueryReadOnly(file, "SELECT id FROM imported WHERE id IN (SELECT unhex(value) FROM json_each($ids))", ("$ids", list))
            .Select(row => new Guid(row.GetFieldValue<byte[]>(0))).ToHashSet();
    }

    public void Begin() => _begin.Execute();

    public void Commit() => _commit.Execute();

    public void Rollback() => _rollback.Execute();

    public void InsertBatch(long position, long committedAt, int hits, ReadOnlySpan<byte> body) =>
        _insertBatch.Bind(1, position).Bind(2, committedAt).Bind(3, hits).Bind(4, body).Execute();

    public void InsertKeys(long position, long committedAt, ReadOnlySpan<byte> pairs) =>
        _insertKeys.Bind(1, position).Bind(2, committedAt).Bind(3, pairs).Execute();

    public void InsertSite(long id, string domain) => _insertSite.Bind(1, id).Bind(2, domain).Execute();

    public void InsertCounter(long site, Country country, in VisitCounters.Cell cell) =>
        _insertCounter.Bind(1, cell.RowId).Bind(2, site).Bind(3, country.Code).Bind(4, cell.Visits).Bind(5, cell.Day).Bind(6, cell.Today)
            .Execute();

    public void UpdateCounter(in VisitCounters.Cell cell) =>
        _updateCounter.Bind(1, cell.Visits).Bind(2, cell.Day).Bind(3, cell.Today).Bind(4, cell.RowId).Execute();

    public void SaveImport(ImportCheckpoint checkpoint) =>
        _saveImport.Bind(1, checkpoint.Id.ToByteArray()).Bind(2, checkpoint.Source).Bind(3, checkpoint.Length).Bind(4, checkpoint.Hash)
            .Execute();

    public void SaveImported(Guid id, Site site) => _saveImported.Bind(1, id.ToByteArray()).Bind(2, site.Domain).Execute();

    public void Probe(long now) =>
        Execute("INSERT INTO probe (id, at) VALUES (1, $at) ON CONFLICT (id) DO UPDATE SET at = excluded.at", ("$at", now));

    /// <summary>
    /// Deletes the oldest keys: those of at most <see cref="DeleteLimit"/> commits per call. Reads no others, however many there are.
    /// </summary>
    /// <param name="before">Unix time in milliseconds.</param>
    /// <returns>Whether there may be more.</returns>
    public bool DeleteOldKeys(long before) => Execute(
        "DELETE FROM keys WHERE position IN (SELECT position FROM keys ORDER BY position LIMIT $limit) AND committed_at < $before",
        ("$before", before), ("$limit", DeleteLimit)) == DeleteLimit;

    /// <summary>
    /// Deletes the oldest batches that the history has: at most <see cref="DeleteLimit"/> per call. The last one stays, since the next
    /// position follows from it.
    /// </summary>
    /// <param name="before">Unix time in milliseconds.</param>
    /// <param name="projected">The last position in the history.</param>
    /// <returns>Whether there may be more.</returns>
    public bool DeleteOldBatches(long before, long projected) => Execute(
        "DELETE FROM batches WHERE position IN (SELECT position FROM batches ORDER BY position LIMIT $limit) AND committed_at < $before " +
        "AND position <= $projected AND position < (SELECT max(position) FROM batches)",
        ("$before", before), ("$projected", projected), ("$limit", DeleteLimit)) == DeleteLimit;

    /// <returns>How many rows changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = CreateCommand(_connection, sql, parameters);
        return command.ExecuteNonQuery();
    }

    public T ExecuteScalar<T>(string sql, T defaultValue, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = CreateCommand(_connection, sql, parameters);
        return command.ExecuteScalar() is T value ? value : defaultValue;
    }

    /// <summary>The rows of a query, read one by one.</summary>
    public IEnumerable<SqliteDataReader> Query(string sql, params (string Name, object Value)[] parameters)
    {
        using var command = CreateCommand(_connection, sql, parameters);
        using var reader = command.ExecuteReader();
        while (reader.Read()) yield return reader;
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement?[])[_begin, _commit, _rollback, _insertBatch, _insertKeys, _insertSite, _insertCounter,
            _updateCounter, _saveImport, _saveImported])
            statement?.Dispose();
        _connection.Dispose();
    }

    private static SqliteCommand CreateCommand(SqliteConnection connection, string sql,
        ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        return command;
    }

    private void Migrate()
    {
        var version = ExecuteScalar("PRAGMA user_version", 0L);
        if (version > Migrations.Length)
            throw new StartupException(
                $"The journal was written by a later version of Footfall (format {version}; this version reads up to "
                + $"{Migrations.Length}).");
        for (var index = (int)version; index < Migrations.Length; index++)
            Execute(
                $"BEGIN IMMEDIATE; {EmbeddedResources.ReadText(Migrations[index])} PRAGMA user_version = {index + 1}; COMMIT;",
                ("$secret", RandomNumberGenerator.GetBytes(KeyHasher.SecretBytes)));
    }
}
