using Footfall.History.Queries;
using Footfall.History.Schema;

namespace Footfall.History.Export;

/// <summary>The visits of a site that begin in the period, by day and number. Visits of today may continue during the export.</summary>
internal sealed class VisitExport(ExportSource source)
{
    /// <summary>How many visits are read at once.</summary>
    private const int ChunkSize = 10_000;

    public static readonly IReadOnlyList<ExportColumn> Columns =
    [
        new("site", ExportColumnType.Text), new("day", ExportColumnType.Day), new("visit", ExportColumnType.Number),
        new("visitor", ExportColumnType.Number),
        new("timestamp", ExportColumnType.Time), new("utc_offset", ExportColumnType.Number),
        .. VisitColumns.ExportColumns,
        new("entry_page", ExportColumnType.Text), new("exit_page", ExportColumnType.Text),
        new("entry_page_hostname", ExportColumnType.Text), new("exit_page_hostname", ExportColumnType.Text),
        new("pageviews", ExportColumnType.Number), new("events", ExportColumnType.Number), new("visit_duration", ExportColumnType.Number),
        new("bounce", ExportColumnType.Flag),
        new("orders", ExportColumnType.Number), new("refunds", ExportColumnType.Number),
    ];

    private const string PageColumns = "entry_page, exit_page, entry_host, exit_host";

    private readonly ExportTexts _texts = new();

    public IEnumerable<List<object?[]>> ReadChunks()
    {
        List<int> days;
        using (var snapshot = source.BeginSnapshot())
        {
            if (source.FindSiteNumber(snapshot) is null) yield break;
            days = snapshot.Read($"""
                SELECT DISTINCT day - {DimensionColumns.Epoch} AS day FROM
                (SELECT day FROM opened WHERE {source.DaysCondition} UNION ALL SELECT day FROM visits WHERE {source.DaysCondition})
                ORDER BY day
                """, null, static row => (int)row.GetInt64(0));
        }
        foreach (var day in days)
            foreach (var (from, until) in ReadChunkRanges(day))
            {
                _texts.Trim();
                yield return ReadRows(day, from, until);
            }
    }

    private List<(long From, long Until)> ReadChunkRanges(int day)
    {
        using var snapshot = source.BeginSnapshot();
        var ends = snapshot.Read($"""
            SELECT max(visit) FROM (
                SELECT visit, (row_number() OVER (ORDER BY visit) - 1) // {ChunkSize} AS piece FROM
                (SELECT visit FROM opened WHERE {source.DayCondition(day)} UNION ALL SELECT visit FROM visits
                WHERE {source.DayCondition(day)}))
            GROUP BY piece ORDER BY 1
            """, null, static row => row.GetInt64(0));
        return ExportSource.ToRanges(ends);
    }

    private List<object?[]> ReadRows(int day, long from, long until)
    {
        using var snapshot = source.BeginSnapshot();
        var visits = VisitsFromHits.Select($"{source.DayCondition(day)} AND visit > {from} AND visit <= {until}");
        var rows = snapshot.Read(
            $"SELECT visit, visitor, start, zone, pageviews, events, duration, bounce, orders, refunds, {PageColumns}, country, " +
            $"{VisitColumns.ColumnList} FROM ({visits}) ORDER BY visit", null, row =>
        {
            int[] pages = [_texts.Request(row.GetInt32(10)), _texts.Request(row.GetInt32(11)), _texts.Request(row.GetInt32(12)),
                _texts.Request(row.GetInt32(13))];
            return (Visit: row.GetInt64(0), Visitor: row.GetInt64(1), Start: row.GetInt64(2), Zone: row.GetInt16(3),
                Pageviews: row.GetInt32(4), Events: row.GetInt32(5),
                Duration: row.GetInt32(6), Bounce: row.GetFieldValue<sbyte>(7) != 0, Orders: row.GetInt32(8), Refunds: row.GetInt32(9),
                Pages: pages, Values: VisitColumns.Read(row, 14, _texts));
        });
        _texts.Fetch(snapshot);
        var exported = new List<object?[]>(rows.Count);
        foreach (var visit in rows.Where(visit => source.IsWithin(visit.Start)))
        {
            var row = new object?[Columns.Count];
            (row[0], row[1], row[2], row[3], row[4], row[5]) =
                (source.Domain, (long)day, visit.Visit, visit.Visitor, visit.Start, (long)visit.Zone);
            var column = visit.Values.Write(row, 6, _texts);
            foreach (var page in visit.Pages) row[column++] = _texts.Find(page);
            foreach (var number in (long[])[visit.Pageviews, visit.Events, visit.Duration]) row[column++] = number;
            row[column++] = visit.Bounce;
            (row[column], row[column + 1]) = ((long)visit.Orders, (long)visit.Refunds);
            exported.Add(row);
        }
        return exported;
    }
}
