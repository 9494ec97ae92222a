using Footfall.Journal;
using Footfall.Words;

namespace Footfall.Collect.AccessLog;

/// <summary>One import, from the first line to the last.</summary>
/// <param name="mostHits">The most hits a commit.</param>
internal sealed class ImportRun(LogLines lines, LogHits hits, PageRule rule, Site site, ImportSink<ImportTally> sink, string source, int mostHits)
{
    private readonly OpenVisitSeeds _seeds = new();
    private ImportBatch<ImportTally> _batch = new();
    private Guid? _id;
    private long _number, _noted;
    private bool _readable, _combined, _unfinished;

    /// <param name="from">The bytes that are known, and only read for the visits that are open there.</param>
    /// <returns>The summary; of what is durable where <paramref name="stop"/> or the end of the journal came first.</returns>
    public async Task<ImportSummary> ToTheEndAsync(long from, IReadOnlyList<KnownContent> known, CancellationToken stop)
    {
        var knownLines = 0L;
        var stopped = false;
        try
        {
            while (lines.Position < from && await NextAsync(stop)) PassKnown();
            if (from > 0 && !IsKnown(from, known)) return new ImportSummary { Status = ImportStatus.Changed };
            knownLines = _number;
            await SeedAsync();
            await ReadNewAsync(stop);
        }
        catch (OperationCanceledException)
        {
            stopped = true;
        }
        finally
        {
            // Also when the content breaks off: nothing of this import runs on behind its end.
            stopped |= !await sink.TryFinishAsync();
        }
        // Of content without one readable line nothing is noted: it is no access log, or one that a later version can read.
        if (!_readable) sink.Durable.Add(_batch.Tally);
        return sink.Durable.Summary() with
        {
            Status = stopped ? ImportStatus.Stopped : ImportStatus.Complete,
            KnownLines = knownLines,
            Unfinished = _unfinished,
        };
    }

    private async ValueTask<bool> NextAsync(CancellationToken stop)
    {
        while (!lines.TryNext())
            if (!await lines.FillAsync(stop)) return false;
        _id ??= lines.Line.IsEmpty ? null : ImportState.NewId(ImportState.Fingerprint(lines.Line));
        return true;
    }

    /// <summary>Whether the content up to here is what was imported.</summary>
    private bool IsKnown(long from, IReadOnlyList<KnownContent> known) =>
        lines.HashAtMark is { } hash && known.Any(content => content.Length == from && hash.AsSpan().SequenceEqual(content.Hash));

    /// <summary>Passes a line that was imported: also one of which only the beginning was there.</summary>
    private void PassKnown()
    {
        _number++;
        if (Parse(out var line) == LineError.None && rule.Judge(line) == LeftOut.None) _seeds.Note(line);
        lines.Take();
        _noted = lines.Position;
    }

    private async Task SeedAsync()
    {
        List<Hit> open = [];
        while (!TrySalted(() => open = [.. _seeds.Hits(hits, site)])) await sink.PauseAsync();
        foreach (var some in open.Chunk(mostHits))
        {
            foreach (var hit in some) _batch.AddSeed(hit);
            await HandOverAsync();
        }
    }

    private async Task ReadNewAsync(CancellationToken stop)
    {
        Action count = Count;
        while (await NextAsync(stop))
        {
            while (!TrySalted(count)) await sink.PauseAsync();
            if (_unfinished) break;
            _number++;
            _batch.CountLine();
            lines.Take();
            if (_readable && (_batch.Hits >= mostHits || _batch.Lines >= Imports.MostLines)) await HandOverAsync();
        }
        if (_readable && lines.Position > _noted) await HandOverAsync();
    }

    /// <summary>Does what needs the salt of a day.</summary>
    /// <returns>False where it could not be made durable: nothing was done, and a moment later it may be.</returns>
    private static bool TrySalted(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (SaltsUnavailableException)
        {
            return false;
        }
    }

    /// <summary>Counts the next line, or notes that it is the last one and not written to its end, as far as one can tell.</summary>
    private void Count()
    {
        if (!lines.TooLong && lines.Line.IndexOfAnyExcept((byte)' ', (byte)'\t') < 0)
        {
            _batch.Tally.Blank();
            return;
        }
        var combined = _combined;
        var error = Parse(out var line);
        // A line of the combined format looks like one of the common format before its referrer is written.
        if (!lines.Terminated && !lines.TooLong && (error != LineError.None || combined && !line.Combined)) _unfinished = true;
        else if (error != LineError.None) _batch.Tally.Malformed(_number + 1, error);
        else if (rule.Judge(line) is not LeftOut.None and var reason) _batch.Tally.LeaveOut(reason);
        else AddPage(hits.Read(line, site, _batch.Details));
    }

    private void AddPage(in Hit hit)
    {
        _batch.Add(hit);
        _batch.Tally.Page(hit);
    }

    private LineError Parse(out AccessLogLine line)
    {
        line = default;
        if (lines.TooLong) return LineError.TooLong;
        var error = AccessLogParser.Parse(lines.Line, out line);
        if (error != LineError.None) return error;
        _readable = true;
        _combined |= line.Combined;
        return error;
    }

    /// <summary>Hands over what was read, and how far: progress is noted in the same commit.</summary>
    private async Task HandOverAsync()
    {
        if (lines.Position > _noted)
        {
            _noted = lines.Position;
            _batch.Checkpoint = new ImportCheckpoint(source, _id ?? ImportState.NewId(0), _noted, lines.Hash());
        }
        _batch = await sink.HandOverAsync(_batch);
    }
}
