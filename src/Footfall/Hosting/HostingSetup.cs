using Footfall.Api.Health;
using Footfall.Common;
using Footfall.Hosting.Web;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Prometheus;

namespace Footfall.Hosting;

internal static class HostingSetup
{
    /// <exception cref="StartupException">A setting is wrong.</exception>
    public static WebApplicationBuilder AddHosting(this WebApplicationBuilder builder)
    {
        InlineSockets.Enable();
        var start = new StartupState();
        builder.Services.AddSettings(builder.Configuration).ValidateOnStart();
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<FootfallOptions>>(
            static (host, settings) =>
                host.ShutdownTimeout = TimeSpan.FromSeconds(settings.Value.DrainSeconds + settings.Value.ShutdownSeconds));
        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddSingleton<SiteRegistry>()
            .AddSingleton(start)
            .AddSingleton(Metrics.NewCustomRegistry())
            .AddSingleton<IMetricFactory>(provider => Metrics.WithCustomRegistry(provider.GetRequiredService<CollectorRegistry>()))
            .AddSingleton<RequestLimits>()
            .AddSingleton<IClientKeyProvider, ClientKeyProvider>()
            .AddSingleton<HostingMetrics>()
            .AddSingleton<ProcessMetrics>()
            .AddHostedService<DrainService>()
            .AddSingleton<MetricsEndpoint>()
            .AddSingleton<HealthEndpoint>()
            .AddSingleton(static _ => new WebFiles())
            .AddSingleton<ExceptionResponses>()
            .AddSingleton<IConfigureOptions<CorsOptions>, CorsOptionsSetup>()
            .AddCors()
            // No compressed response has a secret next to the caller's input, which BREACH requires.
            .AddResponseCompression(static compression =>
            {
                compression.EnableForHttps = true;
                compression.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "text/csv", "application/x-ndjson"];
            });
        if (BuildInfo.OwnsProcess) builder.Services.AddHostedService<IdleMemoryTrimmer>();
        builder.Logging.AddConsole();
        // The slim builder sets the simple formatter in code, which overrides the settings.
        builder.Services.PostConfigure<ConsoleLoggerOptions>(console =>
            console.FormatterName = builder.Configuration["Logging:Console:FormatterName"] ?? ConsoleFormatterNames.Simple);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => start.Started && level >= LogLevel.Warning);
        // Kestrel logs each connection that floods HTTP/2 as critical, with a stack trace.
        var floods = new LogThrottle(TimeProvider.System);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.Http2", level => level >= LogLevel.Warning && floods.TryPass());
        if (string.IsNullOrEmpty(builder.Configuration["urls"])) builder.WebHost.UseUrls("http://localhost:3030");
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.Services.AddSingleton<Microsoft.AspNetCore.Connections.IConnectionListenerFactory, BoundedListenerFactory>();
        builder.WebHost.ConfigureKestrel(KestrelLimits.Apply);
        return builder;
    }

    /// <summary>
    /// The middleware of every request, in order. For <c>POST /api/v1/stats</c> each one calls the next and returns its task: none is
    /// async, and a branch not taken costs one comparison.
    /// </summary>
    public static void UseHosting(this WebApplication app)
    {
        // First, so that the middleware knows what the endpoint needs.
        app.UseRouting();
        app.UseWhen(static http => !EndpointNeeds.Get(http).NonBlocking || InlineSockets.ShouldYield(), static others =>
            others.Use(InlineSockets.YieldAsync));
        app.UseMiddleware<ConnectionCloseMiddleware>();
        app.UseMiddleware<SecurityHeadersMiddleware>();
        app.UseMiddleware<ExceptionMiddleware>();
        app.UseWhen(static http => http.Request.Headers.Origin.Count > 0, static pages => pages.UseCors());
        app.UseMiddleware<RateLimitMiddleware>();
        app.UseMiddleware<BodyLimitMiddleware>();
        app.UseWhen(static http => !EndpointNeeds.Get(http).OwnCompression, static others => others.UseResponseCompression());
        app.UseMiddleware<WebPageMiddleware>();
        app.UseMiddleware<UnmatchedRouteMiddleware>();
    }

    public static void MapHosting(this IEndpointRouteBuilder routes)
    {
        var health = routes.ServiceProvider.GetRequiredService<HealthEndpoint>();
        var metrics = routes.ServiceProvider.GetRequiredService<MetricsEndpoint>();
        string[] getOrHead = [HttpMethods.Get, HttpMethods.Head];
        // It only reads memory, so it need not wait for a thread of a busy pool.
        routes.MapMethods("/api/v1/healthz", getOrHead, health.GetAsync).WithMetadata(new EndpointNeeds { NonBlocking = true });
        routes.MapMethods("/healthz", getOrHead, health.GetAsync).WithMetadata(new EndpointNeeds { NonBlocking = true });
        routes.MapGet(MetricsEndpoint.ApiPath, metrics.GetAsync);
        routes.MapGet(MetricsEndpoint.Path, metrics.GetAsync);
        routes.MapOpenApi();
    }
}
