using Footfall.Common;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.Json;

namespace Footfall.Hosting;

/// <summary>
/// Reports errors in the settings: a sentence for each, with the name as written. The binder alone would stop at the first wrong value with
/// a message for programmers, and ignore unknown names.
/// </summary>
internal static class SettingsValidator
{
    /// <exception cref="StartupException">At least one setting is wrong; the message has a line for each.</exception>
    public static void Validate(IConfigurationRoot configuration)
    {
        var errors = FindErrors(configuration).ToList();
        if (errors.Count > 0) throw new StartupException(string.Join('\n', errors));
    }

    private static IEnumerable<string> FindErrors(IConfigurationRoot configuration)
    {
        var section = configuration.GetSection(FootfallOptions.Section);
        var unknown = false;
        foreach (var (key, value) in section.AsEnumerable(makePathsRelative: true).Where(pair => pair is { Key: not "", Value: not null })
            .OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            // Some sources list a group too, without a value.
            if (value!.Length == 0 && section.GetSection(key).GetChildren().Any()) continue;
            if (Setting.Find(key) is not { } setting)
            {
                unknown = true;
                yield return $"{GetNameInSource(configuration, key)} is not a setting.";
            }
            else if (!setting.Allows(value))
            {
                yield return $"{GetNameInSource(configuration, key)} is \"{value}\", but must be {setting.Allowed}.";
            }
        }
        foreach (var site in section.GetSection(nameof(FootfallOptions.Sites)).GetChildren()
            .Where(site => site.Value is null && site[nameof(SiteOptions.Domain)] is null))
            yield return $"{Setting.ToEnvironmentName($"{nameof(FootfallOptions.Sites)}:{site.Key}:{nameof(SiteOptions.Domain)}")} is "
                + $"missing: each site needs a domain.";
        if (HasValue(section, $"{nameof(FootfallOptions.RateLimit)}:{nameof(RateLimitOptions.Scope)}", nameof(RateLimitScope.Cluster))
            && !HasValue(section, nameof(FootfallOptions.Journal), nameof(JournalKind.Redis)))
            yield return "Footfall__RateLimit__Scope is Cluster, which counts in Redis: it needs Footfall__Journal=Redis.";
        if (unknown) yield return $"The settings are {string.Join(", ", Setting.All.Select(setting => setting.Name))}.";
    }

    private static bool HasValue(IConfigurationSection section, string key, string value) =>
        value.Equals(section[key], StringComparison.OrdinalIgnoreCase);

    /// <summary>The name in the notation of its source: environment, command line, or a file.</summary>
    private static string GetNameInSource(IConfigurationRoot configuration, string key)
    {
        var full = $"{FootfallOptions.Section}:{key}";
        return configuration.Providers.Reverse().FirstOrDefault(provider => provider.TryGet(full, out _)) switch
        {
            CommandLineConfigurationProvider => $"--{full}",
            JsonConfigurationProvider file => $"{full} in {file.Source.Path}",
            _ => Setting.ToEnvironmentName(key),
        };
    }
}
