using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History.Projection;
using Footfall.History.Schema;

namespace Footfall.History.Export;

/// <summary>
/// The hits of a site, including those of bots, by day and in journal order within a day. Hits never change and new ones have higher
/// positions, so the position marks the snapshot and no transaction spans several chunks.
/// </summary>
internal sealed class HitExport(ExportSource source)
{
    /// <summary>The approximate number of hits read at once: 20 MB.</summary>
    private const int ChunkSize = 10_000;

    /// <summary>The suffix of the snapshot for a period that is not whole days.</summary>
    public const string PartialMark = "/part";

    /// <summary>A part of the snapshot: transaction hashes are keyed. Exports of earlier versions lack it.</summary>
    public const string KeyedMark = "keyed";

    /// <summary>Column names follow the event API (docs/events.md) and queries; docs/export.md explains all others.</summary>
    public static readonly IReadOnlyList<ExportColumn> Columns =
    [
        new("site", ExportColumnType.Text), new("day", ExportColumnType.Day), new("timestamp", ExportColumnType.Time),
        new("utc_offset", ExportColumnType.Number),
        new("name", ExportColumnType.Text), new("page", ExportColumnType.Text), new("hostname", ExportColumnType.Text),
        .. VisitColumns.ExportColumns,
        new("value", ExportColumnType.Amount), new("currency", ExportColumnType.Text), new("transaction_hash", ExportColumnType.Text),
        new("items", ExportColumnType.Json), new("props", ExportColumnType.Json),
        new("visit", ExportColumnType.Number), new("visitor", ExportColumnType.Number), new("visit_start", ExportColumnType.Time),
        new("bot_reason", ExportColumnType.Text),
        new("kind", ExportColumnType.Number), new("position", ExportColumnType.Number), new("seq", ExportColumnType.Number),
        new("snapshot", ExportColumnType.Text),
    ];

    private readonly ExportTexts _texts = new();

    public IEnumerable<List<object?[]>> ReadChunks()
    {
        List<(int Day, long From, long Until)> chunks = [];
        var (last, snapshotMark) = (0L, "");
        using (var snapshot = source.BeginSnapshot())
        {
            if (source.FindSiteNumber(snapshot) is null) yield break;
            var (journal, position) = snapshot.Read("SELECT journal, position FROM progress", null, static row =>
                (row.IsDBNull(0) ? Guid.Empty : row.GetGuid(0), row.GetInt64(1))).Single();
            // Higher than the position only if the hits come from several journals.
            last = Math.Max(position, snapshot.Read($"SELECT coalesce(max(position), 0) FROM hits WHERE {source.DaysCondition}", null,
                static row => row.GetInt64(0)).Single());
            var rows = snapshot.Read(
                $"SELECT (SELECT count(*) FROM hits WHERE {source.PeriodCondition} AND position <= {last}) + (SELECT count(*) FROM bots " +
                $"WHERE {source.PeriodCondition} AND position <= {last})", null,
                static row => row.GetInt64(0)).Single();
            snapshotMark = $"{journal:D}/{position}/{rows}/{KeyedMark}{(source.Request.Period.Days is null ? PartialMark : "")}";
        }
        foreach (var day in ReadDays(last))
            foreach (var (from, until) in ReadChunkRanges(day, last))
            {
                _texts.Trim();
                yield return ReadRows(day, from, until, snapshotMark);
            }
    }

    private List<int> ReadDays(long last)
    {
        using var snapshot = source.BeginSnapshot();
        return snapshot.Read($"""
            SELECT DISTINCT day - {DimensionColumns.Epoch} AS day FROM
            (SELECT day FROM hits WHERE {source.DaysCondition} AND position <= {last} UNION ALL SELECT day FROM bots
            WHERE {source.DaysCondition} AND position <= {last})
            ORDER BY day
            """, null, static row => (int)row.GetInt64(0));
    }

    /// <summary>Cuts a day between commits of the journal.</summary>
    private List<(long From, long Until)> ReadChunkRanges(int day, long last)
    {
        using var snapshot = source.BeginSnapshot();
        var ends = snapshot.Read($"""
            SELECT max(position) FROM (
                SELECT position, (sum(hits) OVER (ORDER BY position) - hits) // {ChunkSize} AS piece FROM (
                    SELECT position, count(*) AS hits FROM
                    (SELECT position FROM hits WHERE {source.DayCondition(day)} AND position <= {last} UNION ALL SELECT position FROM bots
                    WHERE {source.DayCondition(day)} AND position <= {last})
                    GROUP BY position))
            GROUP BY piece ORDER BY 1
            """, null, static row => row.GetInt64(0));
        return ExportSource.ToRanges(ends);
    }

    private List<object?[]> ReadRows(int day, long from, long until, string snapshotMark)
    {
        using var snapshot = source.BeginSnapshot();
        var where = $"{source.DayCondition(day)} AND position > {from} AND position <= {until}";
        var hits = snapshot.Read(
            $"SELECT position, time, zone, kind, page, host, name, visit, visitor, props, value, currency, seq FROM hits WHERE {where} " +
            $"ORDER BY position, rowid", null, ReadHit);
        var bots = snapshot.Read(
            $"SELECT position, time, zone, kind, page, 0, 0, 0::BIGINT, 0::BIGINT, 0, NULL::DECIMAL(18, 6), 0, 0, country, reason FROM " +
            $"bots WHERE {where} ORDER BY position, rowid", null,
            row => (Hit: ReadHit(row), Country: new Country((ushort)row.GetInt16(13)),
                Reason: BotReasonNames.NameOf(row.GetFieldValue<sbyte>(14))));
        var visits = snapshot.Read($"""
            SELECT visit, start, country, {VisitColumns.ColumnList} FROM
            (SELECT visit, start, country, {VisitColumns.ColumnList} FROM opened WHERE {source.DayCondition(day)} UNION ALL
            SELECT visit, start, country, {VisitColumns.ColumnList} FROM visits WHERE {source.DayCondition(day)})
            WHERE visit IN (SELECT visit FROM hits WHERE {where})
            """, null, row => (Visit: row.GetInt64(0), Start: row.GetInt64(1), Values: VisitColumns.Read(row, 2, _texts)))
                .DistinctBy(visit => visit.Visit).ToDictionary(visit => visit.Visit);
        var money = new OrderDetails(snapshot, where, _texts);
        _texts.Fetch(snapshot);

        var rows = new List<object?[]>(hits.Count + bots.Count);
        var (position, seq, bot, botPosition, botSeq) = (-1L, 0, 0, -1L, 0);
        foreach (var hit in hits)
        {
            // Bot hits of a commit come after its other hits.
            while (bot < bots.Count && bots[bot].Hit.Position < hit.Position) AddBot();
            seq = hit.Position == position ? seq + 1 : 0;
            position = hit.Position;
            var (transaction, items) = money.Find(hit.Position, hit.Time, hit.Visit, hit.Kind, hit.Sequence);
            if (!source.IsWithin(hit.Time)) continue;
            var row = BeginRow(hit, day);
            var visit = visits[hit.Visit];
            var column = visit.Values.Write(row, 7, _texts);
            row[column++] = hit.Value;
            row[column++] = _texts.Find(hit.Currency);
            row[column++] = transaction;
            row[column++] = items;
            row[column++] = _texts.Find(hit.Props);
            row[column++] = hit.Visit;
            row[column++] = hit.Visitor;
            row[column++] = visit.Start;
            End(row, column, null, hit, seq);
        }
        while (bot < bots.Count) AddBot();
        return rows;

        void AddBot()
        {
            var (hit, country, reason) = bots[bot++];
            botSeq = hit.Position == botPosition ? botSeq + 1 : 0;
            botPosition = hit.Position;
            if (!source.IsWithin(hit.Time)) return;
            var row = BeginRow(hit, day);
            row[7] = country.Code;
            End(row, Columns.Count - 5, reason, hit, botSeq);
        }

        void End(object?[] row, int column, string? reason, in StoredHit hit, int number)
        {
            row[column++] = reason;
            row[column++] = (long)hit.Kind;
            row[column++] = hit.Position;
            row[column++] = (long)number;
            row[column] = snapshotMark;
            rows.Add(row);
        }
    }

    private object?[] BeginRow(in StoredHit hit, int day)
    {
        var row = new object?[Columns.Count];
        (row[0], row[1], row[2], row[3]) = (source.Domain, (long)day, hit.Time, (long)hit.UtcOffset);
        (row[4], row[5], row[6]) = (_texts.Find(hit.Name) ?? StoredHitKind.NameOf(hit.Kind), _texts.Find(hit.Page), _texts.Find(hit.Host));
        return row;
    }

    private StoredHit ReadHit(DuckDBDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetInt16(2), (byte)row.GetFieldValue<sbyte>(3), _texts.Request(row.GetInt32(4)),
        _texts.Request(row.GetInt32(5)), _texts.Request(row.GetInt32(6)),
        row.GetInt64(7), row.GetInt64(8), _texts.Request(row.GetInt32(9)), row.IsDBNull(10) ? null
            : Decimals.TrimZeros(row.GetDecimal(10)), _texts.Request(row.GetInt32(11)), row.GetInt32(12));

    private readonly record struct StoredHit(
        long Position, long Time, short UtcOffset, byte Kind, int Page, int Host, int Name, long Visit, long Visitor, int Props,
        decimal? Value, int Currency, int Sequence);
}
