using Footfall.History.Planning;

namespace Footfall.History.Exports;

/// <summary>The visits of a site that begin in the period, by day and number. Those of today go on while they are read.</summary>
internal sealed class VisitExport(ExportSource source)
{
    /// <summary>How many visits are read at once.</summary>
    private const int Piece = 10_000;

    public static readonly IReadOnlyList<ExportColumn> Columns =
    [
        new("site", ExportType.Text), new("day", ExportType.Day), new("visit", ExportType.Number), new("visitor", ExportType.Number),
        new("timestamp", ExportType.Time), new("utc_offset", ExportType.Number),
        .. VisitColumns.Exported,
        new("entry_page", ExportType.Text), new("exit_page", ExportType.Text), new("entry_page_hostname", ExportType.Text), new("exit_page_hostname", ExportType.Text),
        new("pageviews", ExportType.Number), new("events", ExportType.Number), new("visit_duration", ExportType.Number), new("bounce", ExportType.Flag),
        new("orders", ExportType.Number), new("refunds", ExportType.Number),
    ];

    private const string Pages = "entry_page, exit_page, entry_host, exit_host";

    private readonly Texts _texts = new();

    public IEnumerable<List<object?[]>> Pieces()
    {
        List<int> days;
        using (var snapshot = source.Begin())
        {
            if (source.Number(snapshot) is null) yield break;
            days = snapshot.Read($"""
                SELECT DISTINCT day - {Planning.Columns.Epoch} AS day FROM
                (SELECT day FROM opened WHERE {source.Where} UNION ALL SELECT day FROM visits WHERE {source.Where}) ORDER BY day
                """, null, static row => (int)row.GetInt64(0));
        }
        foreach (var day in days)
            foreach (var (from, until) in Bounds(day))
            {
                _texts.Shrink();
                yield return Read(day, from, until);
            }
    }

    private List<(long From, long Until)> Bounds(int day)
    {
        using var snapshot = source.Begin();
        var ends = snapshot.Read($"""
            SELECT max(visit) FROM (
                SELECT visit, (row_number() OVER (ORDER BY visit) - 1) // {Piece} AS piece FROM
                (SELECT visit FROM opened WHERE {source.On(day)} UNION ALL SELECT visit FROM visits WHERE {source.On(day)}))
            GROUP BY piece ORDER BY 1
            """, null, static row => row.GetInt64(0));
        return ExportSource.Pieces(ends);
    }

    private List<object?[]> Read(int day, long from, long until)
    {
        using var snapshot = source.Begin();
        var visits = VisitsOfDays.Sql($"{source.On(day)} AND visit > {from} AND visit <= {until}");
        var rows = snapshot.Read($"SELECT visit, visitor, start, zone, pageviews, events, duration, bounce, orders, refunds, {Pages}, country, {VisitColumns.Sql} FROM ({visits}) ORDER BY visit", null, row =>
        {
            int[] pages = [_texts.Want(row.GetInt32(10)), _texts.Want(row.GetInt32(11)), _texts.Want(row.GetInt32(12)), _texts.Want(row.GetInt32(13))];
            return (Visit: row.GetInt64(0), Visitor: row.GetInt64(1), Start: row.GetInt64(2), Zone: row.GetInt16(3), Pageviews: row.GetInt32(4), Events: row.GetInt32(5),
                Duration: row.GetInt32(6), Bounce: row.GetFieldValue<sbyte>(7) != 0, Orders: row.GetInt32(8), Refunds: row.GetInt32(9), Pages: pages, Values: VisitColumns.Read(row, 14, _texts));
        });
        _texts.Fetch(snapshot);
        var exported = new List<object?[]>(rows.Count);
        foreach (var visit in rows.Where(visit => source.IsWithin(visit.Start)))
        {
            var row = new object?[Columns.Count];
            (row[0], row[1], row[2], row[3], row[4], row[5]) = (source.Domain, (long)day, visit.Visit, visit.Visitor, visit.Start, (long)visit.Zone);
            var at = visit.Values.Write(row, 6, _texts);
            foreach (var page in visit.Pages) row[at++] = _texts.Of(page);
            foreach (var number in (long[])[visit.Pageviews, visit.Events, visit.Duration]) row[at++] = number;
            row[at++] = visit.Bounce;
            (row[at], row[at + 1]) = ((long)visit.Orders, (long)visit.Refunds);
            exported.Add(row);
        }
        return exported;
    }
}
