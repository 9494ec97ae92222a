using Footfall.Common;
using Microsoft.Extensions.Options;

namespace Footfall.Hosting;

/// <summary>
/// The first part of a stop: <c>/healthz</c> is 503, watchers of the live stream are sent away, and requests are still taken, each as the
/// last one of its connection. A proxy that keeps connections would otherwise send a request on one that closes at that moment.
/// </summary>
internal sealed class DrainService(IHostApplicationLifetime lifetime, IOptions<FootfallOptions> options, TimeProvider time,
    ILogger<DrainService> log) : IHostedLifecycleService
{
    /// <summary>Comes before the server stops listening, also where the host was stopped without a signal.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        lifetime.StopApplication();
        var seconds = options.Value.DrainSeconds;
        if (seconds == 0) return;
        log.Draining(seconds);
        await Task.Delay(TimeSpan.FromSeconds(seconds), time, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Ends each connection after its answer once the server stops (RFC 9112, 9.6).</summary>
internal sealed class ConnectionCloseMiddleware(RequestDelegate next, IHostApplicationLifetime lifetime)
{
    private readonly CancellationToken _stopping = lifetime.ApplicationStopping;

    public Task InvokeAsync(HttpContext http)
    {
        // HTTP/2 has no such header; there the server says goodbye by itself when it stops listening.
        if (_stopping.IsCancellationRequested && HttpProtocol.IsHttp11(http.Request.Protocol)) http.Response.Headers.Connection = "close";
        return next(http);
    }
}
