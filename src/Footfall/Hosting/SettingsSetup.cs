using Footfall.Common;
using Microsoft.Extensions.Options;

namespace Footfall.Hosting;

/// <summary>Reads the settings, for both the server and commands.</summary>
internal static class SettingsSetup
{
    private const string Redis = $"{FootfallOptions.Section}:{nameof(FootfallOptions.Redis)}",
        Connection = $"{Redis}:{nameof(RedisOptions.Connection)}";

    /// <exception cref="StartupException">A setting is wrong.</exception>
    public static OptionsBuilder<FootfallOptions> AddSettings(this IServiceCollection services, IConfigurationRoot configuration)
    {
        // The short form, without other Redis settings: Footfall__Redis=redis-1:6379.
        if (configuration[Redis] is { Length: > 0 } servers && configuration[Connection] is null) configuration[Connection] = servers;
        SettingsValidator.Validate(configuration);
        return services.AddOptions<FootfallOptions>().BindConfiguration(FootfallOptions.Section);
    }
}
