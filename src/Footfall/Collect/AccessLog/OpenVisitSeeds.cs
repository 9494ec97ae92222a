using Footfall.Words;

namespace Footfall.Collect.AccessLog;

/// <summary>
/// The page views of known lines that may belong to a visit which goes on in new lines: those of the last hour of the log, which is the gap of a
/// visit and as much again, because lines are written when a request ends and not when it began. Re-read rather than remembered: visitors get
/// other numbers when the salts of the day are gone.
/// </summary>
internal sealed class OpenVisitSeeds
{
    private const long Window = 2 * Journal.OpenVisits.Gap;

    private readonly List<Line> _lines = [];
    private long _newest;
    private int _prune = 1024;

    /// <summary>A line as it is kept: the parts that make the visitor.</summary>
    internal readonly record struct Line(byte[] Host, byte[] Agent, long Time);

    public void Note(in AccessLogLine line)
    {
        _newest = Math.Max(_newest, line.Time);
        if (line.Time < _newest - Window) return;
        _lines.Add(new Line(line.Host.ToArray(), line.UserAgent.ToArray(), line.Time));
        if (_lines.Count < _prune) return;
        Prune();
        _prune = Math.Max(1024, _lines.Count * 2);
    }

    /// <summary>The seeds, in the order of the lines.</summary>
    public IEnumerable<Hit> Hits(LogHits hits, Site site)
    {
        Prune();
        foreach (var kept in _lines)
        {
            var hit = hits.Read(new AccessLogLine { Host = kept.Host, UserAgent = kept.Agent, Time = kept.Time }, site, null);
            if (!hit.Bot) yield return hit;
        }
    }

    private void Prune() => _lines.RemoveAll(line => line.Time < _newest - Window);
}
