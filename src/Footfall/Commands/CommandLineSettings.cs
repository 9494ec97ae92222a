namespace Footfall.Commands;

/// <summary>
/// Separates settings on the command line from commands: a setting is <c>--Name=value</c> or <c>--Name value</c> where the name has a
/// section (<c>--Footfall:Durability=Os</c>) or is one of the host's own (<c>--urls</c>). ASP.NET Core alone would ignore a misspelled one.
/// </summary>
internal static class CommandLineSettings
{
    /// <summary>The host's own settings: WebHostDefaults and HostDefaults of ASP.NET Core.</summary>
    private static readonly HashSet<string> HostNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "urls", "http_ports", "https_ports", "environment", "contentRoot", "applicationName", "webroot", "preferHostingUrls",
        "captureStartupErrors",
        "detailedErrors", "hostingStartupAssemblies", "hostingStartupExcludeAssemblies", "preventHostingStartup", "suppressStatusMessages",
        "shutdownTimeoutSeconds", "startupAssembly", "staticWebAssets", "allowedHosts",
    };

    /// <summary>Sections: a host started by another program lists them without a value.</summary>
    private static readonly HashSet<string> Sections = new(StringComparer.OrdinalIgnoreCase) { "Footfall", "Logging", "Kestrel" };

    /// <returns>The settings as <c>--Name=value</c>, and the other arguments, in their order.</returns>
    public static (IReadOnlyList<string> Settings, IReadOnlyList<string> Others) Split(IReadOnlyList<string> args)
    {
        var (settings, rest) = (new List<string>(), new List<string>());
        for (var i = 0; i < args.Count; i++)
        {
            var equals = args[i].IndexOf('=');
            var name = equals < 0 ? args[i] : args[i][..equals];
            if (!IsSetting(name)) rest.Add(args[i]);
            else if (equals >= 0) settings.Add(args[i]);
            else if (i + 1 < args.Count && !args[i + 1].StartsWith('-')) settings.Add($"{name}={args[++i]}");
            else rest.Add(args[i]);
        }
        return (settings, rest);
    }

    private static bool IsSetting(string name) => name.StartsWith("--", StringComparison.Ordinal)
        && (name.Contains(':') || HostNames.Contains(name[2..]) || Sections.Contains(name[2..]));
}
