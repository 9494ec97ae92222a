using System.CommandLine;
using System.Globalization;
using Footfall.Commands.Backup;
using Footfall.Common;
using Footfall.Journal;
using Microsoft.Extensions.Options;

namespace Footfall.Commands;

/// <summary><c>footfall restore DIR</c></summary>
internal static class RestoreCommand
{
    public const string Name = "restore";

    private static readonly Argument<string> Source = new("DIR") { Description = "The directory of the backup." };

    private static readonly Option<bool> Force = new("--force")
    {
        Description = "Move existing data to a folder in the data directory, "
        + "named by date."
    };

    /// <param name="settings">Those of the command line: <c>--Footfall:Name=value</c>.</param>
    public static Command Create(IReadOnlyList<string> settings)
    {
        var command = new Command(Name, "Restore a backup; the server must be stopped.") { Source, Force, DataDirectoryOption.Option };
        command.SetAction((result, cancellationToken) =>
            CommandExceptionHandler.RunAsync(result, () => RunAsync(result, settings, cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        var (output, errors) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        await using var services = CommandServices.Build(DataDirectoryOption.AddToSettings(result, settings));
        if (services.GetUnsupportedReason(FileOperation.Restore) is { } instead) throw new CommandException(instead);
        var time = services.GetRequiredService<TimeProvider>();
        var data = Path.GetFullPath(services.GetRequiredService<IOptions<FootfallOptions>>().Value.DataDirectory);
        var restore = new BackupRestorer(CommandPaths.GetFullPath(result.GetRequiredValue(Source)), data, result.GetValue(Force),
            new BackupProgress(errors, time), time);
        var (manifest, aside) = await restore.RunAsync(cancellationToken);
        await output.WriteLineAsync(
            string.Create(CultureInfo.InvariantCulture, $"Restored into {data}: the data as of {manifest.Made:yyyy-MM-dd HH:mm:ss} UTC."));
        if (aside is not null) await output.WriteLineAsync($"The previous data is in {aside}: delete it when you no longer need it.");
        return 0;
    }
}
