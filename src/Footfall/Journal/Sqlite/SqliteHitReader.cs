using Footfall.Common;
using Footfall.History;
using MessagePack;
using Microsoft.Data.Sqlite;

namespace Footfall.Journal.Sqlite;

/// <summary>Reads the journal for the history, on a separate connection. Thread-safe.</summary>
internal sealed class SqliteHitReader : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _readCommand, _nextCommand;
    private readonly SiteRegistry _sites;
    private readonly DeletedSites _deleted;
    private long _lastPosition;

    public SqliteHitReader(string file, SiteRegistry sites, DeletedSites deleted)
    {
        (_sites, _deleted) = (sites, deleted);
        _connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        _connection.Open();
        _readCommand = Command("SELECT position, committed_at, hits, body FROM batches WHERE position > $after ORDER BY position");
        _nextCommand = Command("SELECT position, committed_at FROM batches WHERE position > $after ORDER BY position LIMIT 1");
        using var identity = _connection.CreateCommand();
        identity.CommandText = "SELECT id FROM identity";
        Identity = new Guid((byte[])identity.ExecuteScalar()!);
    }

    /// <inheritdoc cref="IHitSource.Identity"/>
    public Guid Identity { get; }

    /// <inheritdoc cref="IHitSource.NextAfter"/>
    public HitBatch? NextAfter(long position)
    {
        lock (_lock)
        {
            _nextCommand.Parameters[0].Value = position;
            using var row = _nextCommand.ExecuteReader();
            return row.Read() ? new HitBatch(row.GetInt64(0), row.GetInt64(1)) : null;
        }
    }

    /// <inheritdoc cref="IHitSource.Read"/>
    public HitBatch? Read(long after, int hits, HitHandler receive)
    {
        lock (_lock)
        {
            try
            {
                return ReadBatches(after, hits, receive);
            }
            catch (Exception error) when (error is SqliteException or MessagePackSerializationException)
            {
                throw new IOException(
                    $"journal.db can't be read after position {_lastPosition} ({error.Message.TrimEnd('.')}): it is damaged. "
                    + "Stop Footfall, and restore a backup (footfall restore).", error);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _readCommand.Dispose();
            _nextCommand.Dispose();
            _connection.Dispose();
        }
    }

    private HitBatch? ReadBatches(long after, int hits, HitHandler receive)
    {
        HitBatch? last = null;
        var left = (long)hits;
        _lastPosition = after;
        _readCommand.Parameters[0].Value = after;
        using var row = _readCommand.ExecuteReader();
        while (left > 0 && row.Read())
        {
            var batch = new HitBatch(row.GetInt64(0), row.GetInt64(1));
            if (last is { } before && batch.Position != before.Position + 1)
                throw new MessagePackSerializationException($"the commit {before.Position + 1} is missing");
            var body = row.GetFieldValue<byte[]>(3);
            left -= Math.Max(row.GetInt64(2), body.Length / IHitSource.BytesPerHit);
            BatchFormat.Read(body, _sites.GetOrAddStored, (in hit, opened, details) =>
            {
                if (!_deleted.IsDeleted(hit.Site, batch.Position)) receive(batch, hit, opened, details);
            });
            last = batch;
            _lastPosition = batch.Position;
        }
        return last;
    }

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$after", 0L);
        return command;
    }
}
