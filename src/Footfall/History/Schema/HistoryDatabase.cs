using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History.Rollups;
using Microsoft.Extensions.Options;

namespace Footfall.History.Schema;

/// <summary>
/// The file of the history, and connections to it. A process has one DuckDB instance per file, however many connections it opens.
/// </summary>
internal sealed class HistoryDatabase : IDisposable
{
    public const string FileName = "history.duckdb";

    /// <summary>
    /// The write-ahead log size that triggers a checkpoint. Larger than DuckDB's 16 MiB: each checkpoint delays the writer, never a
    /// request.
    /// </summary>
    private const string CheckpointThreshold = "64MB";

    private const int Version = 5;

    /// <summary>
    /// How long all queries wait for a running one before another file replaces this one: 10 seconds, or less if several end.
    /// </summary>
    private const int MaxWaits = 100;

    private static readonly TimeSpan WaitInterval = TimeSpan.FromMilliseconds(100);

    private readonly object _lock = new();
    private readonly HistoryOptions _options;
    private readonly DuckDBConnectionStringBuilder _connectionString;

    // Keeps the instance open while no other connection is.
    private DuckDBConnection? _keepAlive;
    private int _connections;
    private bool _replacing, _expected;

    public HistoryDatabase(IOptions<FootfallOptions> options)
        : this(options, Path.Combine(options.Value.DataDirectory, FileName))
    {
    }

    /// <param name="file">A file other than that of the data directory.</param>
    public HistoryDatabase(IOptions<FootfallOptions> options, string file)
    {
        _options = options.Value.History;
        FilePath = file;
        _connectionString = new DuckDBConnectionStringBuilder { DataSource = FilePath };
    }

    public string FilePath { get; }

    /// <summary>
    /// Announces a call of <see cref="Open"/> or <see cref="Close"/>: new connections wait for it instead of failing right after a start.
    /// </summary>
    public void ExpectOpening()
    {
        lock (_lock) _expected = true;
    }

    /// <summary>Opens or creates the file.</summary>
    /// <exception cref="HistoryUnavailableException">It is locked, damaged, from a later version, or can't be written.</exception>
    /// <param name="keys">Required to migrate a file of an earlier version that has orders.</param>
    public void Open(KeyHasher? keys = null)
    {
        lock (_lock)
        {
            if (_keepAlive is not null) return;
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(FilePath))!);
                // Left by a process that was killed while it rewrote the file.
                System.IO.File.Delete(FilePath + ".new");
                RemoveUnfinished();
                var connection = new DuckDBConnection(_connectionString.ConnectionString);
                try
                {
                    connection.Open();
                    Configure(connection);
                    Migrate(connection, keys);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
                _keepAlive = connection;
            }
            catch (Exception error) when (error is DuckDBException or IOException or UnauthorizedAccessException)
            {
                throw new HistoryUnavailableException(
                    $"The history {Path.GetFullPath(FilePath)} can't be opened: {HistoryFault.Explain(error.Message, FilePath)}", error);
            }
            finally
            {
                _expected = false;
                Monitor.PulseAll(_lock);
            }
        }
    }

    /// <summary>Opens another connection. The caller disposes it.</summary>
    /// <exception cref="HistoryUnavailableException">The file is not open.</exception>
    public DuckDBConnection Connect()
    {
        lock (_lock)
        {
            while (_replacing || (_expected && _keepAlive is null)) Monitor.Wait(_lock);
            if (_keepAlive is null)
                throw new HistoryUnavailableException(_options.Enabled ? "The history is not open." : "The history is turned off.");
            var connection = new HistoryConnection(_connectionString.ConnectionString, OnDisconnected);
            _connections++;
            try
            {
                connection.Open();
                return connection;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
    }

    /// <summary>
    /// Replaces this file with another one. Waits a while until every connection is closed; new connections wait and get the other file.
    /// </summary>
    /// <param name="file">Is moved.</param>
    /// <exception cref="IOException">Queries took too long, or the file could not be moved: it stays unchanged and open.</exception>
    public void Replace(string file)
    {
        lock (_lock)
        {
            _replacing = true;
            try
            {
                for (var left = MaxWaits; _connections > 0; left--)
                {
                    if (left == 0) throw new IOException("Something is reading it, such as an export.");
                    Monitor.Wait(_lock, WaitInterval);
                }
                Close();
                try
                {
                    // DuckDB would take it for the log of the other file.
                    if (System.IO.File.Exists(FilePath + ".wal")) throw new IOException($"The write-ahead log of {FilePath} still exists.");
                    System.IO.File.Move(file, FilePath, overwrite: true);
                    FileSync.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(FilePath))!);
                }
                finally
                {
                    Open();
                }
            }
            finally
            {
                _replacing = false;
                Monitor.PulseAll(_lock);
            }
        }
    }

    /// <summary>Closes the file, so that it can be opened again.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _keepAlive?.Dispose();
            _keepAlive = null;
            _expected = false;
            Monitor.PulseAll(_lock);
        }
    }

    public void Dispose() => Close();

    /// <summary>A file whose creation was interrupted by a kill or power failure is empty, and DuckDB considers it damaged.</summary>
    private void RemoveUnfinished()
    {
        // The main header and two others, 4 KiB each, with this after a checksum: https://duckdb.org/docs/stable/internals/storage.
        const int Headers = 3 * 4_096, Magic = 8;
        if (!System.IO.File.Exists(FilePath)) return;
        // A symbolic link stays: it shows where the operator wants the file.
        var path = System.IO.File.ResolveLinkTarget(FilePath, returnFinalTarget: true)?.FullName ?? FilePath;
        using (var file = System.IO.File.OpenRead(path))
        {
            if (file.Length >= Headers) return;
            Span<byte> header = stackalloc byte[Magic + 4];
            if (file.Length > 0 && (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length
                || !header[Magic..].SequenceEqual("DUCK"u8))) return;
        }
        System.IO.File.Delete(path);
    }

    private void OnDisconnected()
    {
        lock (_lock)
        {
            _connections--;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Deletes a file that is not open, and its companion files.</summary>
    public static void DeleteFiles(string file)
    {
        foreach (var part in (string[])[file, file + ".wal"]) System.IO.File.Delete(part);
        if (Directory.Exists(file + ".tmp")) Directory.Delete(file + ".tmp", recursive: true);
    }

    private void Configure(DuckDBConnection connection)
    {
        connection.SetLimits(_options, FilePath);
        connection.Execute($"SET checkpoint_threshold = '{CheckpointThreshold}'");
        // No query may read or write files, or load code from the network. Exports to files and rebuilds from files use separate instances.
        connection.Execute("SET autoinstall_known_extensions = false");
        connection.Execute("SET autoload_known_extensions = false");
    }

    private static void Migrate(DuckDBConnection connection, KeyHasher? keys)
    {
        connection.Execute("CREATE TABLE IF NOT EXISTS version (version INTEGER NOT NULL)");
        var version = connection.Scalar<int?>("SELECT max(version) FROM version") ?? 0;
        if (version > Version) throw new HistoryUnavailableException($"The history was written by a later version of Footfall (format "
            + $"{version}; this version reads up to {Version}).");
        if (version == Version) return;
        WriteTransaction.Run(connection, () =>
        {
            if (version < 1)
            {
                connection.Execute(EmbeddedResources.ReadSql("history_001.sql"));
                RunForFamilies("rollup_tables.sql");
            }
            if (version < 2) RunForFamilies("rollup_money_months.sql");
            if (version < 3) connection.Execute(EmbeddedResources.ReadSql("history_003.sql"));
            if (version < 4) connection.Execute(EmbeddedResources.ReadSql("history_004.sql"));
            if (version < 5) connection.Execute(EmbeddedResources.ReadSql("history_005.sql"));
            if (version is > 0 and < 5) UnkeyedOrderMigration.Convert(connection, keys);
            connection.Execute($"INSERT INTO version VALUES ({Version})");
        });

        void RunForFamilies(string sql)
        {
            foreach (var family in Rollup.Families)
                connection.Execute(EmbeddedResources.ReadSql(sql).Replace("{family}", family, StringComparison.Ordinal));
        }
    }
}
