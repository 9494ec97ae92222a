using Footfall.Import;
using Footfall.Import.AccessLog;

namespace Footfall.Commands.Import;

/// <summary>
/// One run of <c>import access-log</c>: file after file, with progress on the error output and a summary of each on the output.
/// </summary>
internal sealed class AccessLogImportSession(IAccessLogImporter target, string site, bool includeAssets, bool force, bool skipExpired,
    TextWriter output, TextWriter errors)
{
    /// <inheritdoc cref="ImportEachAsync"/>
    public Task<int> RunAsync(IReadOnlyList<string> files, CancellationToken cancellationToken) =>
        ImportEachAsync(() => SortByTimeAsync(files, cancellationToken), file => ImportAsync(file, cancellationToken), output, errors);

    /// <summary>Imports files one after the other; an error in one is reported, and the next continues.</summary>
    /// <param name="import">Returns false if the file was not imported.</param>
    /// <returns>The exit code: 0; 1 if a file was not imported; 130 if the import was stopped.</returns>
    public static async Task<int> ImportEachAsync(Func<Task<IReadOnlyList<string>>> files, Func<string, Task<bool>> import,
        TextWriter output, TextWriter errors)
    {
        var failed = false;
        try
        {
            foreach (var file in await files())
            {
                try
                {
                    if (!await import(file)) failed = true;
                }
                catch (Exception error)
                    when (error is ImportException or IOException or InvalidDataException or UnauthorizedAccessException)
                {
                    failed = true;
                    await errors.WriteLineAsync($"footfall: {Describe(file, error)}");
                }
            }
        }
        catch (OperationCanceledException)
        {
            await output.WriteLineAsync("Stopped. Everything counted so far is saved: run the same command again to continue.");
            return CommandExceptionHandler.InterruptedExitCode;
        }
        return failed ? 1 : 0;
    }

    /// <summary>
    /// Sorts by the time of the first line, since visits continue from one file to the next. Unreadable files come last, where their error
    /// is reported.
    /// </summary>
    private static async Task<IReadOnlyList<string>> SortByTimeAsync(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        if (files.Count < 2) return files;
        var times = new List<(string File, long Time)>();
        foreach (var file in files)
        {
            try
            {
                times.Add((file, await ImportFile.ReadFirstTimeAsync(file, cancellationToken) ?? long.MaxValue));
            }
            catch (Exception error) when (error is ImportException or IOException or InvalidDataException)
            {
                times.Add((file, long.MaxValue));
            }
        }
        return [.. times.OrderBy(file => file.Time).Select(file => file.File)];
    }

    /// <returns>False if it was not imported.</returns>
    private async Task<bool> ImportAsync(string file, CancellationToken cancellationToken)
    {
        await using var progress = new ImportProgress(Path.GetFileName(file), errors);
        while (true)
        {
            var state = await target.GetStateAsync(site, cancellationToken);
            var resume = await ResumePointFinder.FindAsync(() =>
                progress.Track(ImportFile.Open(file), "known so far"), state.Known, cancellationToken);
            if (resume.Overlaps && !force)
            {
                throw new ImportException($"{file} starts like a log that was imported before, but then differs or ends earlier: its "
                    + $"lines have probably been counted. " +
                    "Nothing was imported. Use --force to import what follows the known part.");
            }
            if (state.Oldest is { } oldest && !skipExpired)
                await CheckAgeAsync(file, resume.From, oldest, state.KeptDays, progress, cancellationToken);
            await using var content = progress.Track(ImportFile.Open(file), "lines");
            var summary = await target.ImportAsync(content, new AccessLogRequest(site, resume.From, state.Token, includeAssets), progress,
                cancellationToken);
            if (summary.Status == ImportStatus.Outdated) continue;
            if (summary.Status == ImportStatus.Changed) throw new ImportException($"{file} changed while it was being read. Nothing was "
                + $"imported.");
            await progress.DisposeAsync();
            if (summary.Status == ImportStatus.Complete || summary.Lines > 0) AccessLogReport.Write(output, file, summary);
            if (summary.Status == ImportStatus.Stopped) throw new OperationCanceledException();
            return !AccessLogReport.IsUnreadable(summary);
        }
    }

    /// <exception cref="ImportException">Some lines are too old.</exception>
    private async Task CheckAgeAsync(string file, long from, long oldest, int days, ImportProgress progress,
        CancellationToken cancellationToken)
    {
        var old = await ExpiredLineCounter.CountAsync(progress.Track(ImportFile.Open(file), "checked"), from, includeAssets, oldest,
            cancellationToken);
        if (old == 0) return;
        throw new ImportException(
            $"{file} has {ReportText.FormatCount(old, "page view")} {ReportText.DescribeExpired(oldest, days)} Nothing was imported. " +
            $"{ReportText.KeepLongerHint}, " +
            "or import with --leave-out-old, which leaves these lines out for good.");
    }

    private static string Describe(string file, Exception error) => error switch
    {
        ImportException => error.Message,
        InvalidDataException => $"{file} is damaged: {error.Message} Everything before the damage was imported.",
        _ => $"{file} can't be read: {error.Message}",
    };
}
