namespace Footfall.Live;

/// <summary>
/// The counts of one local day of one site, by country and step of five minutes, so that a day can be compared with the day before at the
/// same time. Steps without hits take no memory; a full day of a country takes 18 KB.
/// </summary>
/// <param name="number">Days since 1970-01-01.</param>
internal sealed class DayTimeline(int number)
{
    /// <summary>Minutes of a step, by the clock of the site.</summary>
    public const int StepMinutes = 5;

    private readonly List<CountryRow> _rows = [];
    private DailyStats[] _cumulative = [];
    private int _cumulativeStep = -1;

    private sealed class CountryRow
    {
        public DailyStats Sum;

        public List<(int Step, DailyStats Figures)> Steps { get; } = [];
    }

    public int Number => number;

    public void Add(int slot, int step, in DailyStats stats)
    {
        while (_rows.Count <= slot) _rows.Add(new CountryRow());
        var row = _rows[slot];
        row.Sum.Add(stats);
        _cumulativeStep = -1;
        var index = row.Steps.Count;
        while (index > 0 && row.Steps[index - 1].Step > step) index--;
        if (index > 0 && row.Steps[index - 1].Step == step)
        {
            var sum = row.Steps[index - 1].Figures;
            sum.Add(stats);
            row.Steps[index - 1] = (step, sum);
        }
        else
        {
            row.Steps.Insert(index, (step, stats));
        }
    }

    /// <summary>The sums of the whole day by country; 0 for countries added later.</summary>
    public void CopySums(Span<DailyStats> sums)
    {
        sums.Clear();
        for (var slot = 0; slot < Math.Min(sums.Length, _rows.Count); slot++) sums[slot] = _rows[slot].Sum;
    }

    /// <summary>The sums of the steps before one; of <see cref="DailyCounter.Active"/>, the last of these steps alone.</summary>
    public void CopySumsBefore(int step, Span<DailyStats> sums)
    {
        // Read ten times a second but constant for five minutes.
        if (_cumulativeStep != step || _cumulative.Length < _rows.Count)
        {
            _cumulative = new DailyStats[_rows.Count];
            for (var slot = 0; slot < _rows.Count; slot++) _cumulative[slot] = SumBefore(step, _rows[slot]);
            _cumulativeStep = step;
        }
        sums.Clear();
        _cumulative.AsSpan(0, Math.Min(sums.Length, _cumulative.Length)).CopyTo(sums);
    }

    private static DailyStats SumBefore(int step, CountryRow row)
    {
        DailyStats sum = default;
        var active = 0L;
        foreach (var (number, stats) in row.Steps)
        {
            if (number >= step) break;
            sum.Add(stats);
            active = number == step - 1 ? stats[DailyCounter.Active] : 0;
        }
        sum[(int)DailyCounter.Active] = active;
        return sum;
    }
}
