namespace Footfall.Live;

/// <summary>
/// The figures of one local day of one site, by country and step of five minutes, so that a day can be compared with the day before at the same time.
/// Steps without hits take no room; a full day of a country takes 18 KB.
/// </summary>
/// <param name="number">Days since 1970-01-01.</param>
internal sealed class SiteDay(int number)
{
    /// <summary>Minutes of a step, by the clock of the site.</summary>
    public const int StepMinutes = 5;

    private readonly List<Row> _rows = [];
    private Figures[] _until = [];
    private int _untilStep = -1;

    private sealed class Row
    {
        public Figures Sum;

        public List<(int Step, Figures Figures)> Steps { get; } = [];
    }

    public int Number => number;

    public void Add(int slot, int step, in Figures figures)
    {
        while (_rows.Count <= slot) _rows.Add(new Row());
        var row = _rows[slot];
        row.Sum.Add(figures);
        _untilStep = -1;
        var at = row.Steps.Count;
        while (at > 0 && row.Steps[at - 1].Step > step) at--;
        if (at > 0 && row.Steps[at - 1].Step == step)
        {
            var sum = row.Steps[at - 1].Figures;
            sum.Add(figures);
            row.Steps[at - 1] = (step, sum);
        }
        else
        {
            row.Steps.Insert(at, (step, figures));
        }
    }

    /// <summary>The sums of the whole day by country; 0 for countries that came later.</summary>
    public void CopySums(Span<Figures> sums)
    {
        sums.Clear();
        for (var slot = 0; slot < Math.Min(sums.Length, _rows.Count); slot++) sums[slot] = _rows[slot].Sum;
    }

    /// <summary>The sums of the steps before one; of <see cref="Figure.Active"/>, the last of these steps alone.</summary>
    public void CopyUntil(int step, Span<Figures> sums)
    {
        // Read ten times a second, and the same for five minutes.
        if (_untilStep != step || _until.Length < _rows.Count)
        {
            _until = new Figures[_rows.Count];
            for (var slot = 0; slot < _rows.Count; slot++) _until[slot] = Until(step, _rows[slot]);
            _untilStep = step;
        }
        sums.Clear();
        _until.AsSpan(0, Math.Min(sums.Length, _until.Length)).CopyTo(sums);
    }

    private static Figures Until(int step, Row row)
    {
        Figures sum = default;
        var active = 0L;
        foreach (var (number, figures) in row.Steps)
        {
            if (number >= step) break;
            sum.Add(figures);
            active = number == step - 1 ? figures[Figure.Active] : 0;
        }
        sum[(int)Figure.Active] = active;
        return sum;
    }
}
