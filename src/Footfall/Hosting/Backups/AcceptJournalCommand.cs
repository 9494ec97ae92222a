using System.CommandLine;
using System.Globalization;
using Footfall.History;
using Footfall.History.Store;
using Footfall.Hosting.Control;
using Footfall.Journal;

namespace Footfall.Hosting.Backups;

/// <summary><c>footfall accept-journal</c>: the operator's word that a journal that lacks hits is the one to count in.</summary>
internal static class AcceptJournalCommand
{
    public const string Name = "accept-journal";

    /// <param name="settings">Those of the command line: <c>--Footfall:Name=value</c>.</param>
    public static Command Make(IReadOnlyList<string> settings)
    {
        var command = new Command(Name, "Go on with a journal that lacks hits, while no server runs.") { DataDirectoryOption.Option };
        command.SetAction((result, _) => CommandRun.GuardAsync(result, () => RunAsync(result, settings)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, IReadOnlyList<string> settings)
    {
        await using var services = CommandServices.Build(DataDirectoryOption.Add(result, settings));
        if (services.WhyNot(FileWork.AcceptJournal) is { } instead) throw new CommandException(instead);
        var journal = services.GetRequiredService<SqliteJournal>();
        var history = services.GetRequiredService<HistoryDatabase>();
        try
        {
            if (File.Exists(history.File))
            {
                history.Open();
                using var connection = history.Connect();
                HistoryFile.AcceptJournal(connection, journal);
            }
            await journal.AcceptAsync();
        }
        catch (Exception error) when (error is IOException or DuckDB.NET.Data.DuckDBException)
        {
            throw new CommandException($"The journal is not accepted: {HistoryTrouble.Sentence(error.Message)}", error);
        }
        await result.InvocationConfiguration.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"The journal is accepted as it is: commit {journal.LastPosition:N0} is its last. Counts go on from there, "
            + $"and the history keeps what it has."));
        return 0;
    }
}
