using System.CommandLine;
using System.Globalization;
using Footfall.History;
using Footfall.History.Projection;
using Footfall.History.Schema;
using Footfall.Journal;
using Footfall.Journal.Sqlite;

namespace Footfall.Commands;

/// <summary><c>footfall accept-journal</c>: the operator confirms a journal that lacks hits.</summary>
internal static class AcceptJournalCommand
{
    public const string Name = "accept-journal";

    /// <param name="settings">Those of the command line: <c>--Footfall:Name=value</c>.</param>
    public static Command Create(IReadOnlyList<string> settings)
    {
        var command = new Command(Name, "Accept a journal that lacks hits; the server must be stopped.") { DataDirectoryOption.Option };
        command.SetAction((result, _) => CommandExceptionHandler.RunAsync(result, () => RunAsync(result, settings)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, IReadOnlyList<string> settings)
    {
        await using var services = CommandServices.Build(DataDirectoryOption.AddToSettings(result, settings));
        if (services.GetUnsupportedReason(FileOperation.AcceptJournal) is { } instead) throw new CommandException(instead);
        var journal = services.GetRequiredService<SqliteJournal>();
        var history = services.GetRequiredService<HistoryDatabase>();
        try
        {
            if (File.Exists(history.FilePath))
            {
                history.Open();
                using var connection = history.Connect();
                HistoryProgress.AcceptJournal(connection, journal);
            }
            await journal.AcceptAsync();
        }
        catch (Exception error) when (error is IOException or DuckDB.NET.Data.DuckDBException)
        {
            throw new CommandException($"The journal is not accepted: {HistoryFault.Describe(error.Message)}", error);
        }
        await result.InvocationConfiguration.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"The journal is accepted as it is, up to commit {journal.LastPosition:N0}. Counting continues from there, "
            + $"and the history keeps its data."));
        return 0;
    }
}
