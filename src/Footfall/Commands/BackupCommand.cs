using System.CommandLine;
using System.Globalization;
using Footfall.Commands.Backup;
using Footfall.Common;
using Footfall.Journal;
using Microsoft.Extensions.Options;

namespace Footfall.Commands;

/// <summary><c>footfall backup DIR</c></summary>
internal static class BackupCommand
{
    public const string Name = "backup";

    private static readonly Argument<string> Target = new("DIR")
    {
        Description = "Where to put the backup: an empty directory, or one "
        + "that does not exist yet."
    };

    /// <param name="settings">Those of the command line: <c>--Footfall:Name=value</c>.</param>
    public static Command Create(IReadOnlyList<string> settings)
    {
        var command = new Command(Name, "Copy all data to a directory; the server may be running.") { Target, DataDirectoryOption.Option };
        command.SetAction((result, cancellationToken) =>
            CommandExceptionHandler.RunAsync(result, () => RunAsync(result, settings, cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        await using var services = CommandServices.Build(DataDirectoryOption.AddToSettings(result, settings));
        if (services.GetUnsupportedReason(FileOperation.Backup) is { } instead) throw new CommandException(instead);
        var time = services.GetRequiredService<TimeProvider>();
        var data = Path.GetFullPath(services.GetRequiredService<IOptions<FootfallOptions>>().Value.DataDirectory);
        var target = CommandPaths.GetFullPath(result.GetRequiredValue(Target));
        var manifest = await new BackupWriter(data, target, new BackupProgress(result.InvocationConfiguration.Error, time), time)
            .RunAsync(cancellationToken);
        await result.InvocationConfiguration.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"Backup of {data} in {target}: {BackupProgress.FormatSize(manifest.Files.Sum(file => file.Bytes))}, as of " +
            $"{manifest.Made:yyyy-MM-dd HH:mm:ss} UTC."));
        return 0;
    }
}
