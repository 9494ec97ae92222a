using Footfall.History;
using Footfall.Words;
using MessagePack;
using Microsoft.Data.Sqlite;

namespace Footfall.Journal;

/// <summary>Reads the journal for the history, on a connection beside the one that writes. May be called from several threads.</summary>
internal sealed class SqliteHitReader : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _read, _next;
    private readonly Sites _sites;
    private readonly DeletedSites _deleted;
    private long _last;

    public SqliteHitReader(string file, Sites sites, DeletedSites deleted)
    {
        (_sites, _deleted) = (sites, deleted);
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        _connection.Open();
        _read = Command("SELECT position, committed_at, hits, body FROM batches WHERE position > $after ORDER BY position");
        _next = Command("SELECT position, committed_at FROM batches WHERE position > $after ORDER BY position LIMIT 1");
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
            _next.Parameters[0].Value = position;
            using var row = _next.ExecuteReader();
            return row.Read() ? new HitBatch(row.GetInt64(0), row.GetInt64(1)) : null;
        }
    }

    /// <inheritdoc cref="IHitSource.Read"/>
    public HitBatch? Read(long after, int hits, HitReceiver receive)
    {
        lock (_lock)
        {
            try
            {
                return ReadBatches(after, hits, receive);
            }
            catch (Exception error) when (error is SqliteException or MessagePackSerializationException)
            {
                throw new IOException($"journal.db can't be read after position {_last} ({error.Message.TrimEnd('.')}): it is damaged. "
                    + "Stop Footfall, and restore a backup (footfall restore).", error);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _read.Dispose();
            _next.Dispose();
            _connection.Dispose();
        }
    }

    private HitBatch? ReadBatches(long after, int hits, HitReceiver receive)
    {
        HitBatch? last = null;
        var left = (long)hits;
        _last = after;
        _read.Parameters[0].Value = after;
        using var row = _read.ExecuteReader();
        while (left > 0 && row.Read())
        {
            var batch = new HitBatch(row.GetInt64(0), row.GetInt64(1));
            if (last is { } before && batch.Position != before.Position + 1)
                throw new MessagePackSerializationException($"the commit {before.Position + 1} is missing");
            var body = row.GetFieldValue<byte[]>(3);
            left -= Math.Max(row.GetInt64(2), body.Length / IHitSource.BytesOfHit);
            BatchFormat.Read(body, _sites.Restore, (in hit, opened, details) =>
            {
                if (!_deleted.Has(hit.Site, batch.Position)) receive(batch, hit, opened, details);
            });
            last = batch;
            _last = batch.Position;
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
