using System.Numerics;

namespace Footfall.Live;

/// <summary>
/// Counts by country for numbered spans of time (minutes, steps, days): one row per span. A row keeps its number, and rows to show are
/// selected by number on read. Nothing moves with the clock, so a clock that jumps and returns finds the same counts.
/// </summary>
/// <param name="window">The spans that are shown: the current one and those before it.</param>
/// <param name="rows">The rows kept, more than <paramref name="window"/>. If one more is needed, the row farthest from now is reused, never
/// a shown one.</param>
internal sealed class RingCounter<T>(int window, int rows) where T : struct, IBinaryInteger<T>
{
    private const long Unused = long.MinValue;

    private readonly long[] _numbers = CreateNumbers(rows);
    private readonly int[] _stamps = new int[rows];
    private T[] _cells = [];
    private int _columns, _lastRow, _lastStamp;

    /// <summary>Adds to a span, unless it is too old to be shown again.</summary>
    /// <param name="now">The number of the current span.</param>
    /// <param name="slot">The slot of the country in the site.</param>
    /// <returns>The stamp of the row, by which <see cref="IsCurrent"/> knows it later; 0 if nothing was added.</returns>
    public int Add(long number, long now, int slot, T amount)
    {
        if (number <= now - window) return 0;
        if (slot >= _columns) AddColumns(slot);
        if (_numbers[_lastRow] != number) _lastRow = FindOrAddRow(number, now);
        _cells[_lastRow * _columns + slot] += amount;
        return _stamps[_lastRow];
    }

    /// <summary>Whether the row still has what was added when <see cref="Add"/> returned the stamp.</summary>
    public bool IsCurrent(long number, int stamp) => FindRow(number) is >= 0 and var row && _stamps[row] == stamp;

    /// <summary>Subtracts the one that was added when <see cref="Add"/> returned the stamp, if it still <see cref="IsCurrent"/>.</summary>
    public void Subtract(long number, int stamp, int slot)
    {
        var row = FindRow(number);
        if (row >= 0 && _stamps[row] == stamp) _cells[row * _columns + slot] -= T.One;
    }

    /// <summary>Removes all counts. Stamps continue, so that all earlier stamps become invalid.</summary>
    public void Clear()
    {
        Array.Fill(_numbers, Unused);
        Array.Clear(_cells);
    }

    /// <summary>Copies the counts of a span; zeros where there are none.</summary>
    public void CopyTo(long number, Span<T> counts)
    {
        var known = GetRow(number, counts.Length);
        known.CopyTo(counts);
        counts[known.Length..].Clear();
    }

    /// <summary>Adds up all spans that are shown.</summary>
    public void SumTo(long now, Span<T> counts)
    {
        counts.Clear();
        foreach (var number in _numbers)
        {
            if (number <= now - window || number > now) continue;
            var row = GetRow(number, counts.Length);
            for (var i = 0; i < row.Length; i++) counts[i] += row[i];
        }
    }

    private ReadOnlySpan<T> GetRow(long number, int width) =>
        FindRow(number) is >= 0 and var row ? _cells.AsSpan(row * _columns, Math.Min(width, _columns)) : default;

    /// <summary>Most hits fall into the same span as the hit before.</summary>
    private int FindRow(long number) => _numbers[_lastRow] == number ? _lastRow : _numbers.IndexOf(number);

    private int FindOrAddRow(long number, long now)
    {
        var row = _numbers.IndexOf(number);
        if (row >= 0) return row;
        row = FindFarthestRow(now);
        _numbers[row] = number;
        _stamps[row] = ++_lastStamp;
        _cells.AsSpan(row * _columns, _columns).Clear();
        return row;
    }

    private int FindFarthestRow(long now)
    {
        var farthest = -1;
        var most = -1L;
        for (var row = 0; row < rows; row++)
        {
            var number = _numbers[row];
            if (number == Unused) return row;
            var distance = number > now ? number - now : now - window - number + 1;
            if (distance > 0 && distance > most) (farthest, most) = (row, distance);
        }
        return farthest;
    }

    private void AddColumns(int slot)
    {
        var width = Math.Max(4, _columns);
        while (slot >= width) width *= 2;
        var cells = new T[rows * width];
        for (var row = 0; row < rows; row++) _cells.AsSpan(row * _columns, _columns).CopyTo(cells.AsSpan(row * width));
        (_cells, _columns) = (cells, width);
    }

    private static long[] CreateNumbers(int rows)
    {
        var numbers = new long[rows];
        Array.Fill(numbers, Unused);
        return numbers;
    }
}
