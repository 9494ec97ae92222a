using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;
using Footfall.Common;
using Footfall.Journal.Sqlite;
using Microsoft.Data.Sqlite;

namespace Footfall.Journal.Redis;

/// <summary>
/// Maps positions of the history to stream offsets: <c>positions.db</c> in the data directory. The history has one position but there are
/// many streams: before each step, the offset of each stream is recorded here, so that the history finds the exact offsets after any crash.
/// </summary>
internal sealed class StreamOffsetStore : IDisposable
{
    public const string FileName = "positions.db";

    /// <summary>
    /// The number of rows kept: a quarter of an hour at a step a second, for a history that was restored to a slightly older state.
    /// </summary>
    private const int MaxRows = 1_000;

    private readonly SqliteConnection _connection;

    // Used by the projector and health checks.
    private readonly Lock _lock = new();

    /// <exception cref="StartupException">The file can't be opened.</exception>
    public StreamOffsetStore(string directory, Guid journal)
    {
        var file = Path.Combine(directory, FileName);
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 5 }
            .ToString());
        try
        {
            _connection.Open();
            Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
            Execute(EmbeddedResources.ReadText("positions.sql"));
            if (ExecuteScalar("SELECT journal FROM reader") is not byte[] storedJournal)
                Execute("INSERT INTO reader VALUES ($node, $journal)", ("$node", CreateName()), ("$journal", journal.ToByteArray()));
            else if (new Guid(storedJournal) != journal) Execute(
                "DELETE FROM positions; DELETE FROM deletions; UPDATE reader SET journal = $journal", ("$journal", journal.ToByteArray()));
            Node = (string)ExecuteScalar("SELECT node FROM reader")!;
            LoadDeletions();
            Newest = Read("SELECT position, places FROM positions ORDER BY position DESC LIMIT 1");
        }
        catch (Exception error) when (error is IOException || JournalLoader.IsCorruption(error))
        {
            _connection.Dispose();
            throw new StartupException(
                $"{Path.GetFullPath(file)}, which records how far the history has read, can't be opened: {error.Message.TrimEnd('.')}. "
                + "If it is damaged, restore it and the history from the same backup, or delete both: the history is then rebuilt from "
                    + "what "
                + "Redis still has.", error);
        }
    }

    /// <summary>The registered name of this history.</summary>
    public string Node { get; private set; }

    /// <summary>The newest position recorded when it was opened, and its offsets; null for none.</summary>
    public (long Position, StreamOffset[] Places)? Newest { get; }

    public StreamOffset[]? Find(long position) =>
        Read("SELECT position, places FROM positions WHERE position = $position", ("$position", position))?.Places;

    /// <summary>Records the offsets of a position durably. Later positions, which the history did not commit, are deleted.</summary>
    /// <param name="after">The position that the history has.</param>
    /// <exception cref="SqliteException">The disk takes nothing.</exception>
    public void Save(long after, long position, StreamOffset[] offsets) => Execute(
        "DELETE FROM positions WHERE position > $after OR position NOT IN (SELECT position FROM positions ORDER BY position DESC LIMIT " +
        "$kept); INSERT INTO positions VALUES ($position, $places);",
        ("$after", after), ("$kept", MaxRows), ("$position", position), ("$places", Encode(offsets)));

    /// <summary>The sites that the history must delete before it continues.</summary>
    public IReadOnlyList<string> PendingDeletions { get; private set; } = [];

    /// <summary>Records durably that the history must delete a site.</summary>
    /// <exception cref="SqliteException">The disk takes nothing.</exception>
    public void AddDeletion(string domain)
    {
        Execute("INSERT OR IGNORE INTO deletions VALUES ($domain)", ("$domain", domain));
        LoadDeletions();
    }

    /// <summary>Records durably that the history has deleted a site.</summary>
    /// <exception cref="SqliteException">The disk takes nothing.</exception>
    public void RemoveDeletion(string domain)
    {
        Execute("DELETE FROM deletions WHERE domain = $domain", ("$domain", domain));
        LoadDeletions();
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>Changes the name: this one is in use by the history that this directory was copied from.</summary>
    /// <exception cref="SqliteException">The disk takes nothing.</exception>
    public void RenameNode()
    {
        var name = CreateName();
        Execute("UPDATE reader SET node = $node", ("$node", name));
        Node = name;
    }

    private void LoadDeletions()
    {
        lock (_lock)
        {
            using var command = CreateCommand("SELECT domain FROM deletions", []);
            using var row = command.ExecuteReader();
            var domains = new List<string>();
            while (row.Read()) domains.Add(row.GetString(0));
            PendingDeletions = domains;
        }
    }

    private static string CreateName() => $"{Environment.MachineName}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}";

    private static byte[] Encode(StreamOffset[] offsets)
    {
        var bytes = new byte[offsets.Length * 16 + sizeof(ulong)];
        var encoded = bytes.AsSpan(0, offsets.Length * 16);
        for (var i = 0; i < offsets.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * 16), offsets[i].Time);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * 16 + 8), offsets[i].Sequence);
        }
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(encoded.Length), XxHash3.HashToUInt64(encoded));
        return bytes;
    }

    private (long Position, StreamOffset[] Places)? Read(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        lock (_lock)
        {
            using var command = CreateCommand(sql, parameters);
            using var row = command.ExecuteReader();
            return row.Read() ? (row.GetInt64(0), Decode(row.GetFieldValue<byte[]>(1))) : null;
        }
    }

    private static StreamOffset[] Decode(byte[] bytes)
    {
        var offsets = new StreamOffset[bytes.Length / 16];
        ReadOnlySpan<byte> encoded = bytes.AsSpan(0, offsets.Length * 16), hash = bytes.AsSpan(offsets.Length * 16);
        // Rows from earlier versions have no hash.
        if (hash.Length > 0
            && (hash.Length < sizeof(ulong) || BinaryPrimitives.ReadUInt64LittleEndian(hash) != XxHash3.HashToUInt64(encoded)))
            throw new IOException($"{FileName} is damaged.");
        for (var i = 0; i < offsets.Length; i++)
            offsets[i] = new StreamOffset(BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(i * 16)),
                BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(i * 16 + 8)));
        return offsets;
    }

    private object? ExecuteScalar(string sql)
    {
        using var command = CreateCommand(sql, []);
        return command.ExecuteScalar();
    }

    private void Execute(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        lock (_lock)
        {
            using var command = CreateCommand(sql, parameters);
            command.ExecuteNonQuery();
        }
    }

    private SqliteCommand CreateCommand(string sql, ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        return command;
    }
}
