using Footfall.Common;
using Footfall.Enrich;
using Footfall.History;
using Footfall.Hosting;
using Footfall.Hosting.Admin;
using Footfall.Import;
using Footfall.Ingest;
using Footfall.Journal;
using Footfall.Live;
using Prometheus;

namespace Footfall.Commands;

/// <summary>The services of the server without the server, for a command that works on the journal itself.</summary>
internal static class CommandServices
{
    /// <param name="settings">Those of the command line: <c>--Footfall:Name=value</c>.</param>
    /// <exception cref="StartupException">A setting is wrong.</exception>
    public static ServiceProvider Build(IReadOnlyList<string> settings)
    {
        var environment = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT")
            ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environments.Production;
        // As WebApplication.CreateSlimBuilder reads them: the later ones win.
        var configuration = new ConfigurationBuilder()
            .SetBasePath(AppContext.BaseDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddJsonFile($"appsettings.{environment}.json", optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine([.. settings])
            .Build();
        var services = new ServiceCollection();
        services.AddSettings(configuration);
        services
            .AddSingleton<IConfiguration>(configuration)
            // Only warnings besides the progress: the summary reports the result of an import.
            .AddLogging(logging =>
                logging.SetMinimumLevel(LogLevel.Warning).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace))
            .AddSingleton(TimeProvider.System)
            .AddSingleton<SiteRegistry>()
            .AddSingleton(Metrics.NewCustomRegistry())
            .AddSingleton<IMetricFactory>(provider => Metrics.WithCustomRegistry(provider.GetRequiredService<CollectorRegistry>()))
            .AddSingleton<HitAcceptorFactory>()
            .AddImport()
            .AddEnrich()
            .AddJournal()
            .AddLive()
            .AddHistory()
            .AddSingleton<SiteEraser>();
        return services.BuildServiceProvider();
    }
}
