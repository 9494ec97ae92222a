using System.CommandLine;
using System.Globalization;
using Footfall.Common;
using Footfall.History;
using Footfall.History.Rebuild;
using Footfall.Journal;
using Footfall.Journal.Sqlite;
using Microsoft.Extensions.Options;

namespace Footfall.Commands;

/// <summary><c>footfall rebuild-history FILE…</c></summary>
internal static class RebuildHistoryCommand
{
    public const string Name = "rebuild-history";

    private static readonly Argument<string[]> Files =
        ImportAccessLogCommand.CreateFilesArgument("Exports of hits: CSV, NDJSON or Parquet.");

    private static readonly Option<bool> AllowMissing = new("--allow-missing-sites")
    {
        Description = "Continue even if the files have no "
        + "hits of some sites; the new history then lacks those sites."
    };

    /// <param name="settings">Those of the command line: <c>--Footfall:Name=value</c>.</param>
    public static Command Create(IReadOnlyList<string> settings)
    {
        var command = new Command(Name, "Rebuild the history from exports of hits.") { Files, DataDirectoryOption.Option, AllowMissing };
        command.SetAction((result, cancellationToken) => RunAsync(result, settings, cancellationToken));
        return command;
    }

    /// <returns>0; 1 after an error message; 130 if it was stopped.</returns>
    private static async Task<int> RunAsync(ParseResult result, IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        var (output, errors) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        settings = DataDirectoryOption.AddToSettings(result, settings);
        await using var services = CommandServices.Build(settings);
        if (services.GetUnsupportedReason(FileOperation.RebuildHistory) is { } instead)
        {
            await errors.WriteLineAsync($"footfall: {instead}");
            return 1;
        }
        // Locks the data directory until the end, or throws with its owner.
        var journal = services.GetRequiredService<SqliteJournal>();
        var sites = services.GetRequiredService<SiteRegistry>();
        var rebuild = new HistoryRebuilder(
            journal, journal.KeyHasher, services.GetRequiredService<IOptions<FootfallOptions>>(),
            services.GetRequiredService<TimeProvider>());
        var counted = sites.All.Where(site => journal.Counters.Find(site) is not null).Select(site => site.Domain).ToList();
        try
        {
            var progress = new ProgressLines(errors, services.GetRequiredService<TimeProvider>());
            var summary = await Task.Run(() => rebuild.Run(result.GetRequiredValue(Files), counted, result.GetValue(AllowMissing), progress,
                cancellationToken), cancellationToken);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"The history was rebuilt: {summary.Hits:N0} hits of "
                + $"{summary.Days:N0} {(summary.Days == 1 ? "day" : "days")}."));
            if (summary.Duplicates > 0)
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{summary.Duplicates,12:N0} were "
                + $"in several files, and were read once"));
            if (summary.LeftToJournal > 0)
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{summary.LeftToJournal,12:N0} came "
                + $"after position {summary.Position}: the history reads them from the journal"));
            if (summary.OldUnreadable)
                await output.WriteLineAsync("The old one can't be read: today's visitors of more than an hour ago count "
                + "as new if they come back.");
            if (summary.OldFile is { } old) await output.WriteLineAsync($"The old one is kept as {old}; delete it once you have checked "
                + $"the new one.");
            return 0;
        }
        catch (RebuildException error)
        {
            await errors.WriteLineAsync($"footfall: {error.Message}");
            return 1;
        }
        catch (Exception error)
            when (error is HistoryUnavailableException or DuckDB.NET.Data.DuckDBException or IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"footfall: The history could not be rebuilt: {HistoryFault.Describe(error.Message)} The old "
                + $"one is unchanged.");
            return 1;
        }
        catch (OperationCanceledException)
        {
            await output.WriteLineAsync("Stopped. The old history is unchanged.");
            return CommandExceptionHandler.InterruptedExitCode;
        }
    }

    /// <summary>Prints a line of progress now and then.</summary>
    private sealed class ProgressLines(TextWriter errors, TimeProvider time) : IProgress<RebuildProgress>
    {
        private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

        private long _lastReport = time.GetTimestamp();

        public void Report(RebuildProgress value)
        {
            if (time.GetElapsedTime(_lastReport) < Interval && !value.Activity.StartsWith("reading", StringComparison.Ordinal)) return;
            _lastReport = time.GetTimestamp();
            errors.WriteLine(string.Create(CultureInfo.InvariantCulture, $"rebuild: {value.Activity}, {value.Hits:N0} hits"));
        }
    }
}
