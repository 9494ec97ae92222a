using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History.Rollups;
using Microsoft.Extensions.Options;

namespace Footfall.History.Schema;

/// <summary>
/// The file of the history, and connections to it. DuckDB gives one process one instance of a file, however many connections it has.
/// </summary>
internal sealed class HistoryDatabase : IDisposable
{
    public const string FileName = "history.duckdb";

    /// <summary>
    /// A log of changes of this size is folded into the file. Larger than DuckDB's 16 MiB: each folding makes the writer wait, never a
    /// request.
    /// </summary>
    private const string CheckpointThreshold = "64MB";

    private const int Version = 5;

    /// <summary>
    /// How long all questions wait for one that runs, before another file takes this one's place: 10 seconds, or less where several end.
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

    /// <param name="file">In place of the file of the data directory.</param>
    public HistoryDatabase(IOptions<FootfallOptions> options, string file)
    {
        _options = options.Value.History;
        FilePath = file;
        _connectionString = new DuckDBConnectionStringBuilder { DataSource = FilePath };
    }

    /// <summary>The path of the file.</summary>
    public string FilePath { get; }

    /// <summary>
    /// Tells that <see cref="Open"/> or <see cref="Close"/> is about to be called: who connects waits for it, rather than being refused in
    /// the first moment after a start.
    /// </summary>
    public void ExpectOpening()
    {
        lock (_lock) _expected = true;
    }

    /// <summary>Opens the file, or makes it.</summary>
    /// <exception cref="HistoryUnavailableException">It is locked, damaged, of a later version, or the disk takes nothing.</exception>
    /// <param name="keys">Needed for a file of an earlier version that has orders.</param>
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

    /// <summary>Another connection. The caller disposes it.</summary>
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
    /// Puts another file in the place of this one. Waits for a while until every connection is closed; who connects meanwhile waits, and
    /// gets the other file.
    /// </summary>
    /// <param name="file">Moved.</param>
    /// <exception cref="IOException">It is read for too long, or could not be moved: the file stays as it was, and open.</exception>
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
                    // It would be taken for the log of the other file.
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

    /// <summary>
    /// A file whose making was cut short by a kill or a power cut has nothing in it, and DuckDB takes it for a damaged one.
    /// </summary>
    private void RemoveUnfinished()
    {
        // The main header and two others, 4 KiB each, with this behind a checksum: https://duckdb.org/docs/stable/internals/storage.
        const int Headers = 3 * 4_096, Magic = 8;
        if (!System.IO.File.Exists(FilePath)) return;
        // A link stays: it says where the operator wants the file.
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

    /// <summary>Deletes a file that is not open, and what belongs to it.</summary>
    public static void DeleteFiles(string file)
    {
        foreach (var part in (string[])[file, file + ".wal"]) System.IO.File.Delete(part);
        if (Directory.Exists(file + ".tmp")) Directory.Delete(file + ".tmp", recursive: true);
    }

    private void Configure(DuckDBConnection connection)
    {
        connection.SetLimits(_options, FilePath);
        connection.Execute($"SET checkpoint_threshold = '{CheckpointThreshold}'");
        // No query may read or write files, or load code from the network. Exports to files and the rebuild from files have instances of
        // their own.
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
