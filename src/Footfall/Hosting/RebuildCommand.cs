using System.CommandLine;
using System.Globalization;
using Footfall.History;
using Footfall.History.Rebuild;
using Footfall.History.Store;
using Footfall.Hosting.Control;
using Footfall.Journal;
using Footfall.Words;
using Microsoft.Extensions.Options;

namespace Footfall.Hosting;

/// <summary><c>footfall rebuild-history FILE…</c></summary>
internal static class RebuildCommand
{
    public const string Name = "rebuild-history";

    private static readonly Argument<string[]> Files = ImportCommand.FilesOf("Exports of hits: CSV, NDJSON or Parquet.");

    private static readonly Option<bool> AllowMissing = new("--allow-missing-sites") { Description = "Go on where the files have no hits of some sites: these are then not in the history." };

    /// <param name="settings">Those of the command line: <c>--Footfall:Name=value</c>.</param>
    public static Command Make(IReadOnlyList<string> settings)
    {
        var command = new Command(Name, "Make the history anew of exports of hits.") { Files, DataDirectoryOption.Option, AllowMissing };
        command.SetAction((result, stop) => RunAsync(result, settings, stop));
        return command;
    }

    /// <returns>0; 1 after a sentence that says what is wrong; 130 where it was stopped.</returns>
    private static async Task<int> RunAsync(ParseResult result, IReadOnlyList<string> settings, CancellationToken stop)
    {
        var (output, errors) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        settings = DataDirectoryOption.Add(result, settings);
        await using var services = CommandServices.Build(settings);
        if (services.WhyNot(FileWork.RebuildHistory) is { } instead)
        {
            await errors.WriteLineAsync($"footfall: {instead}");
            return 1;
        }
        // Holds the data directory until the end, or says who has it.
        var journal = services.GetRequiredService<SqliteJournal>();
        var sites = services.GetRequiredService<Sites>();
        var rebuild = new HistoryRebuild(
            journal, journal.KeyHasher, services.GetRequiredService<IOptions<FootfallOptions>>(),
            services.GetRequiredService<TimeProvider>());
        var counted = sites.All.Where(site => journal.Counters.Of(site) is not null).Select(site => site.Domain).ToList();
        try
        {
            var progress = new RebuildLines(errors, services.GetRequiredService<TimeProvider>());
            var summary = await Task.Run(() => rebuild.Run(result.GetRequiredValue(Files), counted, result.GetValue(AllowMissing), progress, stop), stop);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"The history is made anew: {summary.Hits:N0} hits of {summary.Days:N0} {(summary.Days == 1 ? "day" : "days")}."));
            if (summary.Twice > 0) await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{summary.Twice,12:N0} stood in several files, and were taken once"));
            if (summary.Left > 0) await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{summary.Left,12:N0} came after position {summary.Position}: the history takes them from the journal"));
            if (summary.Unread) await output.WriteLineAsync("The old one can't be read: who was there today more than an hour ago counts as a new visitor when they come back.");
            if (summary.OldFile is { } old) await output.WriteLineAsync($"The old one is kept as {old}; delete it when you have seen that all is well.");
            return 0;
        }
        catch (RebuildException error)
        {
            await errors.WriteLineAsync($"footfall: {error.Message}");
            return 1;
        }
        catch (Exception error) when (error is HistoryUnavailableException or DuckDB.NET.Data.DuckDBException or IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"footfall: The history could not be made: {HistoryTrouble.Sentence(error.Message)} The old one is as it was.");
            return 1;
        }
        catch (OperationCanceledException)
        {
            await output.WriteLineAsync("Stopped. The old history is as it was.");
            return CommandRun.Interrupted;
        }
    }

    /// <summary>A line now and then.</summary>
    private sealed class RebuildLines(TextWriter errors, TimeProvider time) : IProgress<RebuildProgress>
    {
        private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(3);

        private long _told = time.GetTimestamp();

        public void Report(RebuildProgress value)
        {
            if (time.GetElapsedTime(_told) < Seldom && !value.Doing.StartsWith("reading", StringComparison.Ordinal)) return;
            _told = time.GetTimestamp();
            errors.WriteLine(string.Create(CultureInfo.InvariantCulture, $"rebuild: {value.Doing}, {value.Hits:N0} hits"));
        }
    }
}
