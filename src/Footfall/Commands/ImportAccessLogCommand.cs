using System.CommandLine;
using Footfall.Commands.Import;
using Footfall.Common;
using Footfall.Import;

namespace Footfall.Commands;

/// <summary><c>footfall import access-log FILE…</c></summary>
internal static class ImportAccessLogCommand
{
    public const string Name = "access-log";

    private static readonly Argument<string[]> Files =
        CreateFilesArgument("Access logs, plain or gzip. Several files are imported in order of time.");

    private static readonly Option<string> SiteOption = CreateSiteOption("The shop that the log belongs to.");

    /// <summary>The files of an import.</summary>
    public static Argument<string[]> CreateFilesArgument(string description) => new("FILE")
    {
        Description = description,
        Arity = ArgumentArity.OneOrMore,
        Validators =
        {
            static result =>
            {
                foreach (var token in result.Tokens.Where(token => token.Value is ['-', ..]))
                    result.AddError(token.Value == "-" ? "The import reads files, not standard input." : $"There is no option "
                        + $"{token.Value}. To name such a file, write ./{token.Value}.");
            },
        },
    };

    /// <summary>The shop of an import.</summary>
    public static Option<string> CreateSiteOption(string description) => new("--site", "-s")
    {
        Description = description,
        HelpName = "domain",
        DefaultValueFactory = static _ => Site.Default,
    };

    private static readonly Option<bool> IncludeAssets =
        new("--include-assets") { Description = "Count static files (styles, scripts, images, downloads, feeds) as pages too." };

    private static readonly Option<bool> Force = new("--force")
    {
        Description = "Import a log that starts like one that was imported before, but then differs. Lines may be counted twice.",
    };

    private static readonly Option<bool> SkipExpired = new("--leave-out-old")
    {
        Description = "Import a log that starts before the "
        + "retention period, without its older lines."
    };

    /// <param name="settings">Those of the command line: <c>--Footfall:Name=value</c>.</param>
    public static Command Create(IReadOnlyList<string> settings)
    {
        var command = new Command(Name, "Import the access logs of a web server (Apache, nginx).") { Files, SiteOption,
            DataDirectoryOption.Option, IncludeAssets, Force, SkipExpired };
        command.SetAction((result, cancellationToken) => RunAsync(result, settings, cancellationToken));
        return command;
    }

    private static Task<int> RunAsync(ParseResult result, IReadOnlyList<string> settings, CancellationToken cancellationToken) =>
        RunAsync(result, settings, target =>
    {
        var (output, errors) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        var session = new AccessLogImportSession(target.AccessLogs, result.GetValue(SiteOption)!, result.GetValue(IncludeAssets),
            result.GetValue(Force), result.GetValue(SkipExpired), output, errors);
        return session.RunAsync(result.GetRequiredValue(Files), cancellationToken);
    }, cancellationToken);

    /// <summary>Runs an import on the configured journal, or on the server that owns it.</summary>
    /// <returns>The exit code: that of <paramref name="import"/>, or 1 after an error message.</returns>
    public static async Task<int> RunAsync(ParseResult result, IReadOnlyList<string> settings, Func<Importers, Task<int>> import,
        CancellationToken cancellationToken)
    {
        try
        {
            await using var services = CommandServices.Build(DataDirectoryOption.AddToSettings(result, settings));
            using var target = await Importers.OpenAsync(services, cancellationToken);
            return await import(target);
        }
        catch (ImportException error)
        {
            await result.InvocationConfiguration.Error.WriteLineAsync($"footfall: {error.Message}");
            return 1;
        }
    }
}
