using Footfall.Common;

namespace Footfall.Import.AccessLog;

/// <summary>Counts the outcomes of lines: those of one batch, and the total of the durable ones.</summary>
internal sealed class AccessLogImportCounts : IImportCounts<AccessLogImportCounts>
{
    private readonly long[] _skipped = new long[Enum.GetValues<SkipReason>().Length];
    private readonly long[] _visits = new long[Country.Count];
    private readonly List<MalformedLine> _malformed = [];
    private long _lines, _blank, _malformedLines, _pages, _bots;
    private long _first = long.MaxValue, _last = long.MinValue;

    /// <summary>Whether a line could be read.</summary>
    public bool HasReadableLines => _lines > _blank + _malformedLines;

    public void AddBlank() => (_lines, _blank) = (_lines + 1, _blank + 1);

    public void AddMalformed(long line, LogLineError error)
    {
        (_lines, _malformedLines) = (_lines + 1, _malformedLines + 1);
        if (_malformed.Count < ImportSummary.MaxListed) _malformed.Add(new MalformedLine(line, error.Describe()));
    }

    public void AddSkipped(SkipReason reason) => (_lines, _skipped[(int)reason]) = (_lines + 1, _skipped[(int)reason] + 1);

    public void AddPage(in Hit hit)
    {
        (_lines, _pages) = (_lines + 1, _pages + 1);
        if (hit.Bot) _bots++;
        _first = Math.Min(_first, hit.Time);
        _last = Math.Max(_last, hit.Time);
    }

    public void AddOutcome(in HitOutcome outcome)
    {
        if (outcome.OpenedVisit) _visits[outcome.Country.Index]++;
    }

    public void Add(AccessLogImportCounts other)
    {
        for (var i = 0; i < _skipped.Length; i++) _skipped[i] += other._skipped[i];
        for (var i = 0; i < _visits.Length; i++) _visits[i] += other._visits[i];
        _malformed.AddRange(other._malformed.Take(ImportSummary.MaxListed - _malformed.Count));
        _lines += other._lines;
        _blank += other._blank;
        _malformedLines += other._malformedLines;
        _pages += other._pages;
        _bots += other._bots;
        _first = Math.Min(_first, other._first);
        _last = Math.Max(_last, other._last);
    }

    public void Clear()
    {
        _skipped.AsSpan().Clear();
        _visits.AsSpan().Clear();
        _malformed.Clear();
        (_lines, _blank, _malformedLines, _pages, _bots) = (0, 0, 0, 0, 0);
        (_first, _last) = (long.MaxValue, long.MinValue);
    }

    public ImportSummary ToSummary() => new()
    {
        Lines = _lines,
        Blank = _blank,
        Malformed = _malformedLines,
        FirstMalformed = [.. _malformed],
        LeftOut = Enum.GetValues<SkipReason>().Where(reason => _skipped[(int)reason] > 0)
            .ToDictionary(reason => reason, reason => _skipped[(int)reason]),
        Pages = _pages,
        Bots = _bots,
        Visits = _visits.Sum(),
        VisitsByCountry = Enumerable.Range(0, Country.Count).Where(i => _visits[i] > 0).OrderByDescending(i => _visits[i])
            .ToDictionary(i => new Country((ushort)i).LowerCode, i => _visits[i]),
        First = _pages > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(_first) : null,
        Last = _pages > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(_last) : null,
    };
}
