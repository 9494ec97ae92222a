using System.CommandLine;
using Footfall.Common;

namespace Footfall.Commands;

/// <summary><c>--data-directory</c>, as all commands have it.</summary>
internal static class DataDirectoryOption
{
    public static readonly Option<string?> Option = new("--data-directory", "-d")
    {
        Description = "Where Footfall keeps its data: as the setting Footfall__DataDirectory, \"data\" by default.",
        HelpName = "path",
    };

    /// <summary>The settings of the command line, with what the option says.</summary>
    public static IReadOnlyList<string> AddToSettings(ParseResult result, IReadOnlyList<string> settings) =>
        result.GetValue(Option) is { } directory
            ? [.. settings, $"--{FootfallOptions.Section}:{nameof(FootfallOptions.DataDirectory)}={directory}"] : settings;
}
