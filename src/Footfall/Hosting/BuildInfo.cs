using System.Reflection;

namespace Footfall.Hosting;

internal static class BuildInfo
{
    /// <summary>The version in the project file: <c>0.1.0</c>.</summary>
    public static string Version { get; } =
        typeof(BuildInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
            ?? "unknown";

    /// <summary>Whether the process runs this program itself, not a host such as a test: then it may change process-wide state.</summary>
    public static bool OwnsProcess { get; } = Assembly.GetEntryAssembly() == typeof(BuildInfo).Assembly;
}
