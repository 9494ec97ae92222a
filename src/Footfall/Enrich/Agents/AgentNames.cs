using Footfall.Common;

namespace Footfall.Enrich.Agents;

/// <summary>
/// Common names of browsers, systems and devices: uap-core's families are finer (<c>Chrome Mobile iOS</c>), and it has no kinds of devices.
/// </summary>
internal static class AgentNames
{
    /// <summary>Plausible's name for in-app browsers.</summary>
    private const string InAppBrowser = "Mobile App";

    private static readonly Dictionary<string, string> Browsers = [], Systems = [];
    private static readonly List<(string Word, string Device)> Devices = [];

    static AgentNames()
    {
        foreach (var fields in EmbeddedResources.ReadLines("agent-names.txt").Select(line => line.Split('\t')))
        {
            if (fields[0] == "browser") Browsers[fields[1]] = fields[2];
            else if (fields[0] == "os") Systems[fields[1]] = fields[2];
            else Devices.Add((fields[1], fields[2]));
        }
    }

    /// <summary>The name of a browser; empty if the family is copied from the User-Agent, which is never kept.</summary>
    public static string GetBrowser(in AgentMatch browser, in AgentMatch system) =>
        browser.IsListed ? Browsers.GetValueOrDefault(browser.Family, browser.Family) : system.Family is "iOS" or "Android" ? InAppBrowser
            : "";

    public static string GetOperatingSystem(in AgentMatch system) =>
        system.IsListed ? Systems.GetValueOrDefault(system.Family, system.Family) : "";

    /// <summary>The kind of device, by the first term of the list found in the User-Agent; empty for none.</summary>
    public static string GetDevice(ReadOnlySpan<char> userAgent)
    {
        foreach (var (word, device) in Devices)
            if (userAgent.Contains(word, StringComparison.Ordinal)) return device;
        return "";
    }
}
