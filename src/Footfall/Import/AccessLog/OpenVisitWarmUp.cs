using System.Buffers;
using Footfall.Common;
using Footfall.Journal;

namespace Footfall.Import.AccessLog;

/// <summary>
/// The page views of known lines that may belong to a visit which goes on in new lines: those of the last hour of the log, which is the gap
/// of a visit and as much again, because lines are written when a request ends and not when it began. Re-read rather than remembered:
/// visitors get other ids once the salts of the day are deleted.
/// </summary>
internal sealed class OpenVisitWarmUp
{
    private const long Window = 2 * OpenVisits.MaxGap;

    private readonly List<VisitLine> _lines = [];
    private long _newest;
    private int _pruneAt = 1024;

    /// <summary>The parts of a line that identify the visitor.</summary>
    internal readonly record struct VisitLine(byte[] Host, byte[] Agent, long Time);

    public void Add(in AccessLogLine line)
    {
        _newest = Math.Max(_newest, line.Time);
        if (line.Time < _newest - Window) return;
        _lines.Add(new VisitLine(line.Host.ToArray(), line.UserAgent.ToArray(), line.Time));
        if (_lines.Count < _pruneAt) return;
        Prune();
        _pruneAt = Math.Max(1024, _lines.Count * 2);
    }

    /// <summary>The seeds, in the order of the lines.</summary>
    public IEnumerable<Hit> CreateHits(LogHitFactory hits)
    {
        Prune();
        var details = new ArrayBufferWriter<byte>();
        foreach (var line in _lines)
        {
            details.ResetWrittenCount();
            var hit = hits.Create(new AccessLogLine { Host = line.Host, UserAgent = line.Agent, Time = line.Time }, details);
            if (!hit.Bot) yield return hit;
        }
    }

    private void Prune() => _lines.RemoveAll(line => line.Time < _newest - Window);
}
