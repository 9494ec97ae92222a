using Footfall.Common;

namespace Footfall.Enrich.Agents;

/// <summary>
/// What people call a browser, a system and a device: uap-core's families are finer (<c>Chrome Mobile iOS</c>), and it knows no kinds of
/// device.
/// </summary>
internal static class AgentNames
{
    /// <summary>What Plausible calls the browser that an app shows pages in.</summary>
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

    /// <summary>The name of a browser; empty where the family is a text out of the User-Agent, which is never kept.</summary>
    public static string GetBrowser(in AgentMatch browser, in AgentMatch system) =>
        browser.IsListed ? Browsers.GetValueOrDefault(browser.Family, browser.Family) : system.Family is "iOS" or "Android" ? InAppBrowser
            : "";

    public static string GetOperatingSystem(in AgentMatch system) =>
        system.IsListed ? Systems.GetValueOrDefault(system.Family, system.Family) : "";

    /// <summary>The kind of device by the first word of the list that the User-Agent has; empty for none.</summary>
    public static string GetDevice(ReadOnlySpan<char> userAgent)
    {
        foreach (var (word, device) in Devices)
            if (userAgent.Contains(word, StringComparison.Ordinal)) return device;
        return "";
    }
}
