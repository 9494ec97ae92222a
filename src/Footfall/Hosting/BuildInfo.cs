using System.Reflection;

namespace Footfall.Hosting;

internal static class BuildInfo
{
    /// <summary>As the project file says it: <c>0.1.0</c>.</summary>
    public static string Version { get; } =
        typeof(BuildInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
            ?? "unknown";

    /// <summary>
    /// Whether the process is this program's own, and not that of another one that hosts it, such as a test: then it may change what
    /// belongs to the process.
    /// </summary>
    public static bool OwnsProcess { get; } = Assembly.GetEntryAssembly() == typeof(BuildInfo).Assembly;
}
