using Footfall.Hosting.Web;
using Footfall.Words;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Prometheus;

namespace Footfall.Hosting;

internal static class HostingSetup
{
    /// <exception cref="StartException">A setting is wrong.</exception>
    public static WebApplicationBuilder AddHosting(this WebApplicationBuilder builder)
    {
        InlineSockets.Enable();
        var start = new StartState();
        builder.Services.AddSettings(builder.Configuration).ValidateOnStart();
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<FootfallOptions>>(
            static (host, settings) => host.ShutdownTimeout = TimeSpan.FromSeconds(settings.Value.DrainSeconds + settings.Value.ShutdownSeconds));
        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddSingleton<Sites>()
            .AddSingleton(start)
            .AddSingleton(Metrics.NewCustomRegistry())
            .AddSingleton<IMetricFactory>(provider => Metrics.WithCustomRegistry(provider.GetRequiredService<CollectorRegistry>()))
            .AddSingleton<RequestLimits>()
            .AddSingleton<IClients, Clients>()
            .AddSingleton<HostingMetrics>()
            .AddSingleton<ProcessMetrics>()
            .AddHostedService<Draining>()
            .AddSingleton<MetricsEndpoint>()
            .AddSingleton<HealthEndpoint>()
            .AddSingleton(static _ => new WebFiles())
            .AddSingleton<Failures>()
            .AddSingleton<IConfigureOptions<CorsOptions>, Origins>()
            .AddCors()
            // None of the compressed answers holds a secret next to what a caller chose, which is what BREACH needs.
            .AddResponseCompression(static compression =>
            {
                compression.EnableForHttps = true;
                compression.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "text/csv", "application/x-ndjson"];
            });
        if (BuildInfo.OwnsProcess) builder.Services.AddHostedService<IdleMemory>();
        builder.Logging.AddConsole();
        // The slim builder chooses the simple formatter in code, over what the settings say.
        builder.Services.PostConfigure<ConsoleLoggerOptions>(console => console.FormatterName = builder.Configuration["Logging:Console:FormatterName"] ?? ConsoleFormatterNames.Simple);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => start.Started && level >= LogLevel.Warning);
        // Each connection that floods HTTP/2 is a critical entry of Kestrel's, with its stack.
        var floods = new OncePerMinute(TimeProvider.System);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.Http2", level => level >= LogLevel.Warning && floods.Passes());
        if (string.IsNullOrEmpty(builder.Configuration["urls"])) builder.WebHost.UseUrls("http://localhost:3030");
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.Services.AddSingleton<Microsoft.AspNetCore.Connections.IConnectionListenerFactory, BoundedConnections>();
        builder.WebHost.ConfigureKestrel(KestrelLimits.Apply);
        return builder;
    }

    /// <summary>
    /// What every request passes, in this order. On the way of <c>POST /api/v1/stats</c> each part calls the next and returns its task: none is
    /// async, and a branch that is not taken costs a comparison.
    /// </summary>
    public static void UseHosting(this WebApplication app)
    {
        // First of all, so that what surrounds an endpoint knows what it needs.
        app.UseRouting();
        app.UseWhen(static http => !EndpointNeeds.Of(http).NonBlocking || InlineSockets.IsTurnOver(), static others => others.Use(InlineSockets.LeaveAsync));
        app.UseMiddleware<LastAnswers>();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<FailureGuard>();
        app.UseWhen(static http => http.Request.Headers.Origin.Count > 0, static pages => pages.UseCors());
        app.UseMiddleware<RateLimiter>();
        app.UseMiddleware<BodyLimit>();
        app.UseWhen(static http => !EndpointNeeds.Of(http).OwnCompression, static others => others.UseResponseCompression());
        app.UseMiddleware<WebPages>();
        app.UseMiddleware<UnmatchedRoutes>();
    }

    public static void MapHosting(this IEndpointRouteBuilder routes)
    {
        var health = routes.ServiceProvider.GetRequiredService<HealthEndpoint>();
        var metrics = routes.ServiceProvider.GetRequiredService<MetricsEndpoint>();
        string[] getOrHead = [HttpMethods.Get, HttpMethods.Head];
        // It reads memory alone, and so need not wait for a thread of a busy pool.
        routes.MapMethods("/api/v1/healthz", getOrHead, health.GetAsync).WithMetadata(new EndpointNeeds { NonBlocking = true });
        routes.MapMethods("/healthz", getOrHead, health.GetAsync).WithMetadata(new EndpointNeeds { NonBlocking = true });
        routes.MapGet(MetricsEndpoint.ApiPath, metrics.GetAsync);
        routes.MapGet(MetricsEndpoint.Path, metrics.GetAsync);
        routes.MapOpenApi();
    }
}
