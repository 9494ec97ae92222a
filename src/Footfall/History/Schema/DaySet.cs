using System.Globalization;
using Footfall.Common;

namespace Footfall.History.Schema;

/// <summary>Days since 1970-01-01, as sorted, non-adjacent ranges.</summary>
internal sealed record DaySet(IReadOnlyList<(int First, int Last)> Ranges)
{
    public static readonly DaySet None = new([]);

    public bool IsEmpty => Ranges.Count == 0;

    /// <summary>The days of a sorted sequence.</summary>
    public static DaySet Of(IEnumerable<int> days)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var day in days)
        {
            if (ranges.Count > 0 && ranges[^1].Last == day - 1) ranges[^1] = (ranges[^1].First, day);
            else ranges.Add((day, day));
        }
        return new DaySet(ranges);
    }

    /// <summary>The union of both.</summary>
    public DaySet Union(DaySet other) =>
        other.IsEmpty ? this : IsEmpty ? other
            : Of(Ranges.Concat(other.Ranges).SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1)).Order());

    /// <summary>A condition on a column of type DATE.</summary>
    public string Condition(string column)
    {
        if (IsEmpty) return "false";
        var ranges = string.Join(" OR ", Ranges.Select(range =>
            range.First == range.Last ? $"{column} = {DateLiteral(range.First)}"
                : $"{column} BETWEEN {DateLiteral(range.First)} AND {DateLiteral(range.Last)}"));
        if (Ranges.Count == 1) return ranges;
        // The outer bounds let the engine skip whole blocks.
        return $"{column} BETWEEN {DateLiteral(Ranges[0].First)} AND {DateLiteral(Ranges[^1].Last)} AND ({ranges})";
    }

    public static string DateLiteral(int day) => $"DATE '{Format(day)}'";

    /// <summary><c>2026-11-24</c></summary>
    public static string Format(int day) => LocalDay.DateOf(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static int FirstOfMonth(int day)
    {
        var date = LocalDay.DateOf(day);
        return day - date.Day + 1;
    }

    public static int FirstOfNextMonth(int day) => FirstOfMonth(FirstOfMonth(day) + 31);
}
