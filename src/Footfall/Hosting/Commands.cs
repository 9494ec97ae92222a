using System.CommandLine;
using System.CommandLine.Help;
using Footfall.Hosting.Backups;
using Footfall.Hosting.Deletion;
using Footfall.Hosting.Demo;

namespace Footfall.Hosting;

/// <summary>
/// What the program does besides serving: <c>import</c>, <c>backup</c>, <c>restore</c>, <c>delete-site</c>, <c>rebuild-history</c>,
/// <c>accept-journal</c>, <c>demo</c>, <c>healthcheck</c>, <c>--help</c>, <c>--version</c>. Settings alone start the server,
/// as does <c>footfall serve</c>; any other word is refused with the list of commands.
/// </summary>
internal static class Commands
{
    private const string Serve = "serve";

    /// <summary>How long a stop waits for the commit under way.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromMinutes(1);

    /// <summary>Whether the arguments are a command; otherwise they are settings of the server.</summary>
    public static bool IsCommand(string[] args) => CommandSettings.Split(args).Others is not ([] or [Serve]);

    /// <returns>The exit code: 0, or 1 after a sentence that says what is wrong.</returns>
    public static Task<int> RunAsync(string[] args) => RunAsync(args, Console.Out, Console.Error);

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        var (settings, rest) = CommandSettings.Split(args);
        var result = Tree(settings).Parse(Words(rest));
        if (result.Errors.Count > 0 && result.Action is not (CommandHelp or VersionAction))
        {
            foreach (var error in result.Errors) await errors.WriteLineAsync($"footfall: {error.Message}");
            await errors.WriteLineAsync("The commands are serve, import access-log, import orders, backup, restore, delete-site, "
                + "rebuild-history, accept-journal, demo and healthcheck; footfall --help tells more.");
            return 1;
        }
        return await result.InvokeAsync(new InvocationConfiguration
        {
            Output = output,
            Error = errors,
            ProcessTerminationTimeout = StopTime,
            // Starting.GuardAsync tells what an operator can mend; the rest is a defect, and needs its stack trace.
            EnableDefaultExceptionHandler = false,
        });
    }

    private static RootCommand Tree(IReadOnlyList<string> settings)
    {
        var import = new Command("import", "Import what other programs have recorded.") { ImportCommand.Make(settings), OrdersCommand.Make(settings) };
        // Without an action of its own a command without its subcommand has two errors for one mistake.
        import.SetAction(result => Refuse(result, $"footfall import needs to know what: footfall import {ImportCommand.Name} FILE..., or footfall import {OrdersCommand.Name} FILE..."));
        var root = new RootCommand("Footfall counts the visits of shops by country.")
        {
            new Command(Serve, "Start the server, as the program does without a command."),
            import,
            BackupCommand.Make(settings),
            RestoreCommand.Make(settings),
            DeleteSiteCommand.Make(settings),
            RebuildCommand.Make(settings),
            AcceptJournalCommand.Make(settings),
            DemoCommand.Make(),
            HealthCommand.Make(settings),
        };
        root.Options.OfType<HelpOption>().Single().Action = new CommandHelp();
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();
        root.SetAction(result => Refuse(result, "There is nothing to do."));
        return root;
    }

    private static int Refuse(ParseResult result, string sentence)
    {
        result.InvocationConfiguration.Error.WriteLine($"footfall: {sentence}");
        return 1;
    }

    private static IReadOnlyList<string> Words(IReadOnlyList<string> words) => words[0] switch
    {
        "help" => [.. words.Skip(1), "--help"],
        "version" => ["--version"],
        _ => words,
    };
}
