using Footfall.Common;
using Footfall.Journal;

namespace Footfall.Import.AccessLog;

/// <summary>One import, from the first line to the last.</summary>
/// <param name="maxHits">The most hits in a commit.</param>
internal sealed class AccessLogImportRun(LogLineReader lines, LogHitFactory hits, PageViewFilter filter,
    ImportBatchWriter<AccessLogImportCounts> sink, string source, int maxHits)
{
    private readonly OpenVisitWarmUp _warmUp = new();
    private ImportBatch<AccessLogImportCounts> _batch = new();
    private Guid? _id;
    private long _lineNumber, _checkpointPosition;
    private bool _readable, _combined, _unfinished;

    /// <param name="from">The bytes that are already imported; they are read only to find the open visits.</param>
    /// <returns>The summary; only the durable part if <paramref name="cancellationToken"/> or the end of the journal came first.</returns>
    public async Task<ImportSummary> RunAsync(long from, IReadOnlyList<KnownContent> known, CancellationToken cancellationToken)
    {
        var knownLines = 0L;
        var stopped = false;
        try
        {
            while (lines.Position < from && await ReadLineAsync(cancellationToken)) SkipKnownLine();
            if (from > 0 && !IsKnown(from, known)) return new ImportSummary { Status = ImportStatus.Changed };
            knownLines = _lineNumber;
            await WarmUpAsync();
            await ReadNewAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            stopped = true;
        }
        finally
        {
            // Also when reading the content fails: no work of this import may outlive it.
            stopped |= !await sink.TryFlushAsync();
        }
        // Content without a readable line is not recorded: it is not an access log, or a later version can read it.
        if (!_readable) sink.Committed.Add(_batch.Counts);
        return sink.Committed.ToSummary() with
        {
            Status = stopped ? ImportStatus.Stopped : ImportStatus.Complete,
            KnownLines = knownLines,
            Unfinished = _unfinished,
        };
    }

    private async ValueTask<bool> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (!lines.TryPeek())
            if (!await lines.FillAsync(cancellationToken)) return false;
        _id ??= lines.Line.IsEmpty ? null : ImportState.NewId(ImportState.Fingerprint(lines.Line));
        return true;
    }

    /// <summary>Whether the content up to here equals the imported content.</summary>
    private bool IsKnown(long from, IReadOnlyList<KnownContent> known) =>
        lines.HashAtMark is { } hash && known.Any(content => content.Length == from && hash.AsSpan().SequenceEqual(content.Hash));

    /// <summary>Skips a line that was imported, even if only its beginning was there.</summary>
    private void SkipKnownLine()
    {
        _lineNumber++;
        if (Parse(out var line) == LogLineError.None && filter.GetSkipReason(line) == SkipReason.None) _warmUp.Add(line);
        lines.Advance();
        _checkpointPosition = lines.Position;
    }

    private async Task WarmUpAsync()
    {
        List<Hit> open = [];
        while (!TryWithSalts(() => open = [.. _warmUp.CreateHits(hits)])) await sink.DelayAsync();
        foreach (var some in open.Chunk(maxHits))
        {
            foreach (var hit in some) _batch.AddWarmUp(hit);
            await CommitAsync();
        }
    }

    private async Task ReadNewAsync(CancellationToken cancellationToken)
    {
        Action count = ReadLine;
        while (await ReadLineAsync(cancellationToken))
        {
            while (!TryWithSalts(count)) await sink.DelayAsync();
            if (_unfinished) break;
            _lineNumber++;
            _batch.CountLine();
            lines.Advance();
            if (_readable && (_batch.HitCount >= maxHits || _batch.LineCount >= ImportDefaults.MaxLinesPerCommit)) await CommitAsync();
        }
        if (_readable && lines.Position > _checkpointPosition) await CommitAsync();
    }

    /// <summary>Does what needs the salt of a day.</summary>
    /// <returns>False if the salt could not be made durable: nothing was done, and a retry may succeed.</returns>
    private static bool TryWithSalts(Action action)
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

    /// <summary>Counts the next line, or notes that it is the last one and seems incomplete.</summary>
    private void ReadLine()
    {
        if (!lines.IsTooLong && lines.Line.IndexOfAnyExcept((byte)' ', (byte)'\t') < 0)
        {
            _batch.Counts.AddBlank();
            return;
        }
        var combined = _combined;
        var error = Parse(out var line);
        // A line of the combined format looks like one of the common format before its referrer is written.
        if (!lines.IsTerminated && !lines.IsTooLong && (error != LogLineError.None || combined && !line.Combined)) _unfinished = true;
        else if (error != LogLineError.None) _batch.Counts.AddMalformed(_lineNumber + 1, error);
        else if (filter.GetSkipReason(line) is not SkipReason.None and var reason) _batch.Counts.AddSkipped(reason);
        else AddPage(hits.Create(line, _batch.Details));
    }

    private void AddPage(in Hit hit)
    {
        _batch.Add(hit);
        _batch.Counts.AddPage(hit);
    }

    private LogLineError Parse(out AccessLogLine line)
    {
        line = default;
        if (lines.IsTooLong) return LogLineError.TooLong;
        var error = AccessLogParser.Parse(lines.Line, out line);
        if (error != LogLineError.None) return error;
        _readable = true;
        _combined |= line.Combined;
        return error;
    }

    /// <summary>Submits what was read. The same commit records the progress.</summary>
    private async Task CommitAsync()
    {
        if (lines.Position > _checkpointPosition)
        {
            _checkpointPosition = lines.Position;
            _batch.Checkpoint = new ImportCheckpoint(source, _id ?? ImportState.NewId(0), _checkpointPosition, lines.GetHash());
        }
        _batch = await sink.WriteAsync(_batch);
    }
}
