using DuckDB.NET.Data;
using Footfall.History.Queries;
using Footfall.History.Schema;

namespace Footfall.History.Export;

/// <summary>The source of an export's rows: one site and one period, read from the store in short transactions.</summary>
internal sealed class ExportSource(Func<DuckDBConnection> open, ExportRequest request)
{
    private readonly (int First, int Last) _days =
        request.Period.Days ?? (request.Site.DayOf(request.Period.From), request.Site.DayOf(request.Period.Until - 1));

    private int _siteNumber;

    /// <summary>Set before each chunk.</summary>
    public CancellationToken CancellationToken { get; set; }

    public ExportRequest Request => request;

    public string Domain => request.Site.Domain;

    /// <summary>The condition of the site and its days, after <see cref="FindSiteNumber"/>.</summary>
    public string DaysCondition =>
        $"site = {_siteNumber} AND day BETWEEN {DaySet.DateLiteral(_days.First)} AND {DaySet.DateLiteral(_days.Last)}";

    /// <summary>The same, plus the time if the period is not whole days.</summary>
    public string PeriodCondition => request.Period.Days is not null ? DaysCondition
        : $"{DaysCondition} AND time >= {request.Period.From} AND time < {request.Period.Until}";

    /// <summary>The condition of the site and one day, after <see cref="FindSiteNumber"/>.</summary>
    public string DayCondition(int day) => $"site = {_siteNumber} AND day = {DaySet.DateLiteral(day)}";

    public Snapshot BeginSnapshot() => Snapshot.Begin(open, CancellationToken);

    /// <summary>Whether a time is in the period, for periods that are not whole days.</summary>
    public bool IsWithin(long time) => request.Period.Days is not null || (time >= request.Period.From && time < request.Period.Until);

    /// <summary>Finds the number of the site; null if the history does not have it.</summary>
    public int? FindSiteNumber(Snapshot snapshot)
    {
        var parameters = new SqlParameters();
        _siteNumber = snapshot.Read($"SELECT id FROM sites WHERE domain = {parameters.Add(Domain)}", parameters, static row =>
            row.GetInt32(0)).FirstOrDefault();
        return _siteNumber == 0 ? null : _siteNumber;
    }

    /// <summary>
    /// Ranges between ends, each starting after the one before: <paramref name="ends"/> are the last numbers of the chunks.
    /// </summary>
    public static List<(long After, long Last)> ToRanges(IReadOnlyList<long> ends) =>
        [.. ends.Select((end, i) => (i == 0 ? -1 : ends[i - 1], end))];
}
