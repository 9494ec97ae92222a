using System.CommandLine;
using System.CommandLine.Help;

namespace Footfall.Commands;

/// <summary>
/// What the program does besides serving: <c>import</c>, <c>backup</c>, <c>restore</c>, <c>delete-site</c>, <c>rebuild-history</c>,
/// <c>accept-journal</c>, <c>demo</c>, <c>healthcheck</c>, <c>--help</c>, <c>--version</c>. Settings alone start the server, as does
/// <c>footfall serve</c>; any other argument is rejected with the list of commands.
/// </summary>
internal static class CommandLineApp
{
    private const string Serve = "serve";

    /// <summary>How long a stop waits for the commit under way.</summary>
    private static readonly TimeSpan TerminationTimeout = TimeSpan.FromMinutes(1);

    /// <summary>Whether the arguments are a command; otherwise they are settings of the server.</summary>
    public static bool IsCommand(string[] args) => CommandLineSettings.Split(args).Others is not ([] or [Serve]);

    /// <returns>The exit code: 0, or 1 after an error message.</returns>
    public static Task<int> RunAsync(string[] args) => RunAsync(args, Console.Out, Console.Error);

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        var (settings, rest) = CommandLineSettings.Split(args);
        var result = BuildCommands(settings).Parse(RewriteAliases(rest));
        if (result.Errors.Count > 0 && result.Action is not (CommandHelp or VersionAction))
        {
            foreach (var error in result.Errors) await errors.WriteLineAsync($"footfall: {error.Message}");
            await errors.WriteLineAsync("The commands are serve, import access-log, import orders, backup, restore, delete-site, "
                + "rebuild-history, accept-journal, demo and healthcheck; run footfall --help for details.");
            return 1;
        }
        return await result.InvokeAsync(new InvocationConfiguration
        {
            Output = output,
            Error = errors,
            ProcessTerminationTimeout = TerminationTimeout,
            // ProgramRunner reports what an operator can fix; anything else is a bug, and needs its stack trace.
            EnableDefaultExceptionHandler = false,
        });
    }

    private static RootCommand BuildCommands(IReadOnlyList<string> settings)
    {
        var import = new Command("import", "Import data from other programs.")
        {
            ImportAccessLogCommand.Create(settings), ImportOrdersCommand.Create(settings),
        };
        // Without its own action, a command without its subcommand gives two errors for one mistake.
        import.SetAction(result =>
            WriteError(result, $"footfall import needs a source: footfall import {ImportAccessLogCommand.Name} FILE..., or "
            + $"footfall import {ImportOrdersCommand.Name} FILE..."));
        var root = new RootCommand("Footfall counts visits to shops by country.")
        {
            new Command(Serve, "Start the server (the default)."),
            import,
            BackupCommand.Create(settings),
            RestoreCommand.Create(settings),
            DeleteSiteCommand.Create(settings),
            RebuildHistoryCommand.Create(settings),
            AcceptJournalCommand.Create(settings),
            DemoCommand.Create(),
            HealthCheckCommand.Create(settings),
        };
        root.Options.OfType<HelpOption>().Single().Action = new CommandHelp();
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();
        root.SetAction(result => WriteError(result, "There is nothing to do."));
        return root;
    }

    private static int WriteError(ParseResult result, string sentence)
    {
        result.InvocationConfiguration.Error.WriteLine($"footfall: {sentence}");
        return 1;
    }

    private static IReadOnlyList<string> RewriteAliases(IReadOnlyList<string> words) => words[0] switch
    {
        "help" => [.. words.Skip(1), "--help"],
        "version" => ["--version"],
        _ => words,
    };
}
