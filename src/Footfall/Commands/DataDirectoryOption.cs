using System.CommandLine;
using Footfall.Common;

namespace Footfall.Commands;

/// <summary>The option <c>--data-directory</c> of all commands.</summary>
internal static class DataDirectoryOption
{
    public static readonly Option<string?> Option = new("--data-directory", "-d")
    {
        Description = "Where Footfall keeps its data: as the setting Footfall__DataDirectory, \"data\" by default.",
        HelpName = "path",
    };

    /// <summary>The settings of the command line, with the option's value.</summary>
    public static IReadOnlyList<string> AddToSettings(ParseResult result, IReadOnlyList<string> settings) =>
        result.GetValue(Option) is { } directory
            ? [.. settings, $"--{FootfallOptions.Section}:{nameof(FootfallOptions.DataDirectory)}={directory}"] : settings;
}
