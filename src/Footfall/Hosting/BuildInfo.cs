using System.Reflection;

namespace Footfall.Hosting;

internal static class BuildInfo
{
    /// <summary>As the project file says it: <c>0.1.0</c>.</summary>
    public static string Version { get; } =
        typeof(BuildInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
