using Footfall.Words;
using Prometheus;

namespace Footfall.Hosting;

internal static class HostingSetup
{
    public static WebApplicationBuilder AddHosting(this WebApplicationBuilder builder)
    {
        builder.Services.TryAddSingletons();
        builder.Services.AddOptions<FootfallOptions>().BindConfiguration(FootfallOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<Microsoft.Extensions.Options.IValidateOptions<FootfallOptions>, FootfallOptionsValidator>();
        if (string.IsNullOrEmpty(builder.Configuration["urls"])) builder.WebHost.UseUrls("http://localhost:3030");
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        return builder;
    }

    public static void UseHosting(this WebApplication app)
    {
    }

    public static void MapHosting(this WebApplication app)
    {
    }

    /// <summary>Runs until the process is asked to stop.</summary>
    /// <returns>The exit code: 0, or 1 after a sentence that says what is wrong.</returns>
    public static async Task<int> RunFootfallAsync(this WebApplication app)
    {
        await app.RunAsync();
        return 0;
    }

    private static void TryAddSingletons(this IServiceCollection services)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(Metrics.NewCustomRegistry());
        services.AddSingleton<IMetricFactory>(provider => Metrics.WithCustomRegistry(provider.GetRequiredService<CollectorRegistry>()));
        services.AddSingleton<Sites>();
    }
}
