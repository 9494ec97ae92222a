using Footfall.Common;
using Microsoft.Extensions.Options;

namespace Footfall.Hosting;

/// <summary>
/// The first phase of a stop: <c>/healthz</c> is 503, live streams end, and requests are still accepted, each as the last one of its
/// connection. Otherwise a proxy with keep-alive might send a request on a connection that closes at that moment.
/// </summary>
internal sealed class DrainService(IHostApplicationLifetime lifetime, IOptions<FootfallOptions> options, TimeProvider time,
    ILogger<DrainService> log) : IHostedLifecycleService
{
    /// <summary>Runs before the server stops listening, even if the host was stopped without a signal.</summary>
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

/// <summary>Closes each connection after its response once the server stops (RFC 9112, 9.6).</summary>
internal sealed class ConnectionCloseMiddleware(RequestDelegate next, IHostApplicationLifetime lifetime)
{
    private readonly CancellationToken _stopping = lifetime.ApplicationStopping;

    public Task InvokeAsync(HttpContext http)
    {
        // HTTP/2 has no such header; there the server sends GOAWAY when it stops listening.
        if (_stopping.IsCancellationRequested && HttpProtocol.IsHttp11(http.Request.Protocol)) http.Response.Headers.Connection = "close";
        return next(http);
    }
}
