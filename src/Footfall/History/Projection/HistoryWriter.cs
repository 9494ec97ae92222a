using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History.Schema;

namespace Footfall.History.Projection;

/// <summary>One step of the projector: writes journal hits and the new position in one transaction.</summary>
internal sealed class HistoryWriter : IDisposable
{
    private readonly DuckDBConnection _connection;
    private readonly StringTable _texts;
    private readonly VisitorCache _visitors = new();
    private readonly OrderLedger _orders;
    private readonly HitBatchReader _reader;
    private readonly VisitAssigner _assigner;
    private readonly HitWriter _writer;
    private readonly HashSet<(int Site, int Day)> _openDays = [];
    private readonly HashSet<(int Site, int Day)> _lastDays = [];
    private readonly List<(int Site, int Day)> _newDays = [];
    private readonly Dictionary<int, int> _currencies = [];
    private readonly SiteRegistry _sites;
    private bool _hasConvertedOrders;

    /// <param name="connection">The writer's connection; disposed with this.</param>
    public HistoryWriter(DuckDBConnection connection, SiteRegistry sites, KeyHasher keys, HistoryOptions options, TimeProvider time)
    {
        (_connection, _sites, _texts) = (connection, sites, new StringTable(options.NewTextsPerDay));
        _reader = new HitBatchReader(_texts, keys, _visitors, options.GetRetentionDays(), time);
        _assigner = new VisitAssigner(_visitors);
        _writer = new HitWriter(_texts, _reader.Details);
        _orders = new OrderLedger(_texts, _reader.Details);
        Load();
    }

    public DuckDBConnection Connection => _connection;

    /// <summary>The last journal commit in the store.</summary>
    public long Position { get; private set; }

    /// <summary>Days that received hits recently.</summary>
    public IReadOnlyCollection<(int Site, int Day)> OpenDays => _openDays;

    /// <summary>Days that received hits in the last step.</summary>
    public IReadOnlyCollection<(int Site, int Day)> LastDays => _lastDays;

    /// <summary>Hits of the last step that are older than the history keeps.</summary>
    public int BeyondRetention => _reader.BeyondRetention;

    /// <summary>Texts of the last step that are stored as <see cref="StringTable.OtherText"/>.</summary>
    public int LimitedTexts => _texts.LimitedCount;

    /// <summary>The numbers of the sites.</summary>
    public IReadOnlyCollection<int> SiteNumbers => _reader.Sites.Values;

    /// <summary>The domain of a site's number.</summary>
    public string Domain(int site) => _reader.Sites.First(pair => pair.Value == site).Key;

    /// <summary>Ensures that the position belongs to this journal: the history may be new, restored, or from another journal.</summary>
    public void Reconcile(IHitSource source, ILogger log)
    {
        var known = _connection.Scalar<Guid?>("SELECT journal FROM progress");
        var position = Position;
        if (known != source.Identity)
        {
            if (known is not null) log.OtherJournal();
            position = 0;
        }
        else if (position > source.LastPosition)
        {
            log.AheadOfJournal(position, source.LastPosition);
            position = source.LastPosition;
        }
        if (source.NextAfter(position) is { } next && next.Position > position + 1 && known is not null)
            log.GapBeforeJournal(next.Position, position);
        if (known == source.Identity && position == Position) return;
        _connection.Execute("UPDATE progress SET journal = $1, position = $2", source.Identity, position);
        Position = position;
    }

    /// <summary>Writes the next journal commits to the store.</summary>
    /// <param name="hits">About how many hits to take at once.</param>
    /// <returns>The number of hits.</returns>
    /// <exception cref="DuckDBException">The store can't be written: nothing changed.</exception>
    public int ProjectNext(IHitSource source, int hits)
    {
        _reader.Clear();
        _lastDays.Clear();
        try
        {
            if (source.Read(Position, hits, _reader.Receive) is not { } last) return 0;
            WriteTransaction.Run(_connection, () => Write(last.Position));
            Position = last.Position;
            _texts.Commit();
            _visitors.Trim();
            foreach (var day in _newDays) _openDays.Add(day);
            return _reader.Rows.Length;
        }
        catch
        {
            Load();
            throw;
        }
    }

    /// <summary>A day was rolled up; queries now read its rollups.</summary>
    public void MarkClosed((int Site, int Day) day) => _openDays.Remove(day);

    /// <summary>Reloads all state from the store, after a failure or another writer.</summary>
    public void Load()
    {
        Position = _connection.Scalar<long?>("SELECT position FROM progress") ?? 0;
        _hasConvertedOrders = _connection.Scalar<bool?>("SELECT converted_orders FROM progress") ?? false;
        _texts.Load(_connection);
        _visitors.Load(_connection);
        _assigner.Load(_connection);
        _reader.Load([.. _connection.Query("SELECT id, domain FROM sites").Select(row => (row.GetInt32(0), row.GetString(1)))]);
        _currencies.Clear();
        _openDays.Clear();
        foreach (var row in _connection.Query($"SELECT site, day - {DimensionColumns.Epoch} FROM open_days"))
            _openDays.Add((row.GetInt32(0), (int)row.GetInt64(1)));
    }

    public void Dispose() => _connection.Dispose();

    private void Write(long position)
    {
        var rows = _reader.Rows;
        if (_reader.MissingVisitors.Count > 0) _visitors.Fetch(_connection, _reader.MissingVisitors);
        _orders.Fetch(_connection, rows, _hasConvertedOrders);
        // Before the texts get their final numbers: a currency may be new.
        foreach (ref readonly var row in rows)
            if (HasMoney(row)) CurrencyOf(row.Site);
        _texts.Resolve(_connection);
        foreach (ref var row in rows)
            if (HasMoney(row)) _orders.ResolveAmount(ref row, CurrencyOf(row.Site));
        foreach (ref var row in rows) _assigner.Assign(ref row);
        WriteSites();
        WriteDays(rows);
        _writer.Write(_connection, rows);
        _connection.Execute("UPDATE progress SET position = $1, visit = $2, visitor = $3", position, _assigner.LastVisit,
            _assigner.LastVisitor);
    }

    private static bool HasMoney(in HitRow row) => row.Bot == BotReason.None && (row.Value is not null || OrderLedger.IsOrder(row.Kind));

    /// <summary>The number of the site's currency, for amounts without one.</summary>
    private int CurrencyOf(int site)
    {
        if (_currencies.TryGetValue(site, out var currency) && currency > 0) return currency;
        return _currencies[site] = _texts.GetOrAddCode(_sites.GetOrAddStored(Domain(site)).Currency);
    }

    private void WriteSites()
    {
        foreach (var (number, domain) in _reader.NewSites) _connection.Execute("INSERT INTO sites VALUES ($1, $2)", number, domain);
    }

    /// <summary>A day that gets hits is open, and so is its month: queries read both from hits until the next rollup.</summary>
    private void WriteDays(ReadOnlySpan<HitRow> rows)
    {
        _newDays.Clear();
        var last = (0, int.MinValue);
        foreach (ref readonly var row in rows)
        {
            var day = (row.Site, row.Day);
            if (day == last || !_lastDays.Add(day)) continue;
            last = day;
            if (_openDays.Contains(day)) continue;
            _newDays.Add(day);
            _connection.Execute("INSERT INTO open_days VALUES ($1, $2)", day.Site, LocalDay.DateOf(day.Day));
            _connection.Execute("DELETE FROM closed_months WHERE site = $1 AND month = date_trunc('month', $2::DATE)", day.Site,
                LocalDay.DateOf(day.Day));
        }
    }
}
