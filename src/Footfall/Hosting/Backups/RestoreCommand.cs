using System.CommandLine;
using System.Globalization;
using Footfall.Hosting.Control;
using Footfall.Journal;
using Footfall.Words;
using Microsoft.Extensions.Options;

namespace Footfall.Hosting.Backups;

/// <summary><c>footfall restore DIR</c></summary>
internal static class RestoreCommand
{
    public const string Name = "restore";

    private static readonly Argument<string> Source = new("DIR") { Description = "The directory of the backup." };

    private static readonly Option<bool> Force = new("--force") { Description = "Move data that is there aside, into a folder of the data directory with the date in its name." };

    /// <param name="settings">Those of the command line: <c>--Footfall:Name=value</c>.</param>
    public static Command Make(IReadOnlyList<string> settings)
    {
        var command = new Command(Name, "Bring a backup back, while no server runs.") { Source, Force, DataDirectoryOption.Option };
        command.SetAction((result, stop) => CommandRun.GuardAsync(result, () => RunAsync(result, settings, stop)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, IReadOnlyList<string> settings, CancellationToken stop)
    {
        var (output, errors) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        await using var services = CommandServices.Build(DataDirectoryOption.Add(result, settings));
        if (services.WhyNot(FileWork.Restore) is { } instead) throw new CommandException(instead);
        var time = services.GetRequiredService<TimeProvider>();
        var data = Path.GetFullPath(services.GetRequiredService<IOptions<FootfallOptions>>().Value.DataDirectory);
        var restore = new Restore(CommandPaths.Full(result.GetRequiredValue(Source)), data, result.GetValue(Force), new BackupProgress(errors, time), time);
        var (manifest, aside) = await restore.RunAsync(stop);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Restored into {data}: the data as of {manifest.Made:yyyy-MM-dd HH:mm:ss} UTC."));
        if (aside is not null) await output.WriteLineAsync($"What was there before is in {aside}: delete it when you need it no more.");
        return 0;
    }
}
