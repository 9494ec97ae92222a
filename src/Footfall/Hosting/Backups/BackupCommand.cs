using System.CommandLine;
using System.Globalization;
using Footfall.Hosting.Control;
using Footfall.Journal;
using Footfall.Words;
using Microsoft.Extensions.Options;

namespace Footfall.Hosting.Backups;

/// <summary><c>footfall backup DIR</c></summary>
internal static class BackupCommand
{
    public const string Name = "backup";

    private static readonly Argument<string> Target = new("DIR") { Description = "Where the backup goes: a directory that is empty, or that does not exist yet." };

    /// <param name="settings">Those of the command line: <c>--Footfall:Name=value</c>.</param>
    public static Command Make(IReadOnlyList<string> settings)
    {
        var command = new Command(Name, "Copy all data to a directory, also while the server runs.") { Target, DataDirectoryOption.Option };
        command.SetAction((result, stop) => CommandRun.GuardAsync(result, () => RunAsync(result, settings, stop)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, IReadOnlyList<string> settings, CancellationToken stop)
    {
        await using var services = CommandServices.Build(DataDirectoryOption.Add(result, settings));
        if (services.WhyNot(FileWork.Backup) is { } instead) throw new CommandException(instead);
        var time = services.GetRequiredService<TimeProvider>();
        var data = Path.GetFullPath(services.GetRequiredService<IOptions<FootfallOptions>>().Value.DataDirectory);
        var target = CommandPaths.Full(result.GetRequiredValue(Target));
        var manifest = await new Backup(data, target, new BackupProgress(result.InvocationConfiguration.Error, time), time).RunAsync(stop);
        await result.InvocationConfiguration.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"Backup of {data} in {target}: {BackupProgress.Size(manifest.Files.Sum(file => file.Bytes))}, as of {manifest.Made:yyyy-MM-dd HH:mm:ss} UTC."));
        return 0;
    }
}
