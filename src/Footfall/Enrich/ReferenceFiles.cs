using Footfall.Common;
using Microsoft.Extensions.Options;

namespace Footfall.Enrich;

/// <summary>The data that the build takes from npm packages. The program runs without it, and logs that once.</summary>
internal sealed class ReferenceFiles
{
    /// <param name="directory">The directory of the files: <see cref="DefaultDirectory"/> except in tests.</param>
    public ReferenceFiles(string directory, IOptions<FootfallOptions> options, ILogger<ReferenceFiles> log)
    {
        Countries = NullIfMissing(Path.Combine(directory, "geo-whois-asn-country.mmdb"));
        Bots = NullIfMissing(Path.Combine(directory, "bots.txt"));
        Agents = NullIfMissing(Path.Combine(directory, "agents.txt"));
        List<string> effects = [];
        if (Countries is null && string.IsNullOrEmpty(options.Value.CountryDatabase)) effects.Add("there is no country database, so hits "
            + "without a country are counted as ZZ");
        if (Bots is null) effects.Add("there is no bot list, so bots count as visitors");
        if (Agents is null) effects.Add("there are no browser patterns, so browsers, operating systems and devices are unknown");
        if (effects.Count > 0) log.ReferenceDataMissing(directory, string.Join("; ", effects));
    }

    /// <summary>Next to the program.</summary>
    public static string DefaultDirectory => Path.Combine(AppContext.BaseDirectory, "reference");

    /// <summary>The path of the country file; null if it is missing.</summary>
    public string? Countries { get; }

    /// <summary>The path of the bot list; null if it is missing.</summary>
    public string? Bots { get; }

    /// <summary>The path of the patterns of browsers and operating systems; null if it is missing.</summary>
    public string? Agents { get; }

    private static string? NullIfMissing(string path) => File.Exists(path) ? path : null;
}
