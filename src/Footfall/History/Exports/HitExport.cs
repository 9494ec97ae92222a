using DuckDB.NET.Data;
using Footfall.History.Planning;
using Footfall.History.Store;
using Footfall.Words;

namespace Footfall.History.Exports;

/// <summary>
/// The hits of a site, those of robots among them: by day, and within a day in the order of the journal. Hits are never changed, and new ones have a higher position: what was
/// there at the beginning is told apart by that, and no piece needs the transaction of another.
/// </summary>
internal sealed class HitExport(ExportSource source)
{
    /// <summary>About how many hits are read at once: some 20 MB.</summary>
    private const int Piece = 10_000;

    /// <summary>The end of the snapshot of a period that is not whole days.</summary>
    public const string Part = "/part";

    /// <summary>A part of the snapshot: hashes of transactions are keyed. Exports of earlier versions lack it.</summary>
    public const string Keyed = "keyed";

    /// <summary>The names are those of the wire (docs/events.md) and of queries; what has neither is explained in docs/export.md.</summary>
    public static readonly IReadOnlyList<ExportColumn> Columns =
    [
        new("site", ExportType.Text), new("day", ExportType.Day), new("timestamp", ExportType.Time), new("utc_offset", ExportType.Number),
        new("name", ExportType.Text), new("page", ExportType.Text), new("hostname", ExportType.Text),
        .. VisitColumns.Exported,
        new("value", ExportType.Amount), new("currency", ExportType.Text), new("transaction_hash", ExportType.Text), new("items", ExportType.Json), new("props", ExportType.Json),
        new("visit", ExportType.Number), new("visitor", ExportType.Number), new("visit_start", ExportType.Time), new("bot_reason", ExportType.Text),
        new("kind", ExportType.Number), new("position", ExportType.Number), new("seq", ExportType.Number), new("snapshot", ExportType.Text),
    ];

    private readonly Texts _texts = new();

    public IEnumerable<List<object?[]>> Pieces()
    {
        List<(int Day, long From, long Until)> pieces = [];
        var (last, mark) = (0L, "");
        using (var snapshot = source.Begin())
        {
            if (source.Number(snapshot) is null) yield break;
            var (journal, position) = snapshot.Read("SELECT journal, position FROM progress", null, static row => (row.IsDBNull(0) ? Guid.Empty : row.GetGuid(0), row.GetInt64(1))).Single();
            // Higher than the position only where the hits are of several journals.
            last = Math.Max(position, snapshot.Read($"SELECT coalesce(max(position), 0) FROM hits WHERE {source.Where}", null, static row => row.GetInt64(0)).Single());
            var rows = snapshot.Read(
                $"SELECT (SELECT count(*) FROM hits WHERE {source.WhereWithin} AND position <= {last}) + (SELECT count(*) FROM bots WHERE {source.WhereWithin} AND position <= {last})", null,
                static row => row.GetInt64(0)).Single();
            mark = $"{journal:D}/{position}/{rows}/{Keyed}{(source.Request.Period.Days is null ? Part : "")}";
        }
        foreach (var day in Days(last))
            foreach (var (from, until) in Bounds(day, last))
            {
                _texts.Shrink();
                yield return Read(day, from, until, mark);
            }
    }

    private List<int> Days(long last)
    {
        using var snapshot = source.Begin();
        return snapshot.Read($"""
            SELECT DISTINCT day - {Planning.Columns.Epoch} AS day FROM
            (SELECT day FROM hits WHERE {source.Where} AND position <= {last} UNION ALL SELECT day FROM bots WHERE {source.Where} AND position <= {last})
            ORDER BY day
            """, null, static row => (int)row.GetInt64(0));
    }

    /// <summary>Cuts a day between commits of the journal.</summary>
    private List<(long From, long Until)> Bounds(int day, long last)
    {
        using var snapshot = source.Begin();
        var ends = snapshot.Read($"""
            SELECT max(position) FROM (
                SELECT position, (sum(hits) OVER (ORDER BY position) - hits) // {Piece} AS piece FROM (
                    SELECT position, count(*) AS hits FROM
                    (SELECT position FROM hits WHERE {source.On(day)} AND position <= {last} UNION ALL SELECT position FROM bots WHERE {source.On(day)} AND position <= {last})
                    GROUP BY position))
            GROUP BY piece ORDER BY 1
            """, null, static row => row.GetInt64(0));
        return ExportSource.Pieces(ends);
    }

    private List<object?[]> Read(int day, long from, long until, string mark)
    {
        using var snapshot = source.Begin();
        var where = $"{source.On(day)} AND position > {from} AND position <= {until}";
        var hits = snapshot.Read($"SELECT position, time, zone, kind, page, host, name, visit, visitor, props, value, currency, seq FROM hits WHERE {where} ORDER BY position, rowid", null, ReadHit);
        var bots = snapshot.Read($"SELECT position, time, zone, kind, page, 0, 0, 0::BIGINT, 0::BIGINT, 0, NULL::DECIMAL(18, 6), 0, 0, country, reason FROM bots WHERE {where} ORDER BY position, rowid", null,
            row => (Hit: ReadHit(row), Country: new Country((ushort)row.GetInt16(13)), Reason: BotReasons.Name(row.GetFieldValue<sbyte>(14))));
        var visits = snapshot.Read($"""
            SELECT visit, start, country, {VisitColumns.Sql} FROM
            (SELECT visit, start, country, {VisitColumns.Sql} FROM opened WHERE {source.On(day)} UNION ALL SELECT visit, start, country, {VisitColumns.Sql} FROM visits WHERE {source.On(day)})
            WHERE visit IN (SELECT visit FROM hits WHERE {where})
            """, null, row => (Visit: row.GetInt64(0), Start: row.GetInt64(1), Values: VisitColumns.Read(row, 2, _texts))).DistinctBy(visit => visit.Visit).ToDictionary(visit => visit.Visit);
        var money = new MoneyOfHits(snapshot, where, _texts);
        _texts.Fetch(snapshot);

        var rows = new List<object?[]>(hits.Count + bots.Count);
        var (position, seq, bot, botPosition, botSeq) = (-1L, 0, 0, -1L, 0);
        foreach (var hit in hits)
        {
            // Robots of a commit stand behind its other hits.
            while (bot < bots.Count && bots[bot].Hit.Position < hit.Position) AddBot();
            seq = hit.Position == position ? seq + 1 : 0;
            position = hit.Position;
            var (transaction, items) = money.Of(hit.Position, hit.Time, hit.Visit, hit.Kind, hit.Seq);
            if (!source.IsWithin(hit.Time)) continue;
            var row = Begin(hit, day);
            var visit = visits[hit.Visit];
            var at = visit.Values.Write(row, 7, _texts);
            row[at++] = hit.Value;
            row[at++] = _texts.Of(hit.Currency);
            row[at++] = transaction;
            row[at++] = items;
            row[at++] = _texts.Of(hit.Props);
            row[at++] = hit.Visit;
            row[at++] = hit.Visitor;
            row[at++] = visit.Start;
            End(row, at, null, hit, seq);
        }
        while (bot < bots.Count) AddBot();
        return rows;

        void AddBot()
        {
            var (hit, country, reason) = bots[bot++];
            botSeq = hit.Position == botPosition ? botSeq + 1 : 0;
            botPosition = hit.Position;
            if (!source.IsWithin(hit.Time)) return;
            var row = Begin(hit, day);
            row[7] = country.Code;
            End(row, Columns.Count - 5, reason, hit, botSeq);
        }

        void End(object?[] row, int at, string? reason, in Stored hit, int number)
        {
            row[at++] = reason;
            row[at++] = (long)hit.Kind;
            row[at++] = hit.Position;
            row[at++] = (long)number;
            row[at] = mark;
            rows.Add(row);
        }
    }

    private object?[] Begin(in Stored hit, int day)
    {
        var row = new object?[Columns.Count];
        (row[0], row[1], row[2], row[3]) = (source.Domain, (long)day, hit.Time, (long)hit.Zone);
        (row[4], row[5], row[6]) = (_texts.Of(hit.Name) ?? StoredKind.NameOf(hit.Kind), _texts.Of(hit.Page), _texts.Of(hit.Host));
        return row;
    }

    private Stored ReadHit(DuckDBDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetInt16(2), (byte)row.GetFieldValue<sbyte>(3), _texts.Want(row.GetInt32(4)), _texts.Want(row.GetInt32(5)), _texts.Want(row.GetInt32(6)),
        row.GetInt64(7), row.GetInt64(8), _texts.Want(row.GetInt32(9)), row.IsDBNull(10) ? null : Decimals.Plain(row.GetDecimal(10)), _texts.Want(row.GetInt32(11)), row.GetInt32(12));

    private readonly record struct Stored(
        long Position, long Time, short Zone, byte Kind, int Page, int Host, int Name, long Visit, long Visitor, int Props, decimal? Value, int Currency, int Seq);
}
