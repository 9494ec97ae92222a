
namespace Footfall.Commands.Backup;

/// <summary>Paths in command arguments.</summary>
internal static class CommandPaths
{
    /// <returns>The full path, without a slash at the end.</returns>
    /// <exception cref="CommandException">It is not a path.</exception>
    public static string GetFullPath(string given)
    {
        try
        {
            return Path.TrimEndingDirectorySeparator(Path.GetFullPath(given));
        }
        catch (ArgumentException error)
        {
            throw new CommandException($"\"{given}\" is not the path of a directory.", error);
        }
    }
}
