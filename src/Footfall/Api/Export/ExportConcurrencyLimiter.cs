using Footfall.Common;
using Microsoft.Extensions.Options;

namespace Footfall.Api.Export;

/// <summary>Limits the concurrent exports, and those of one client to half of them. None waits: an export may take an hour.</summary>
internal sealed class ExportConcurrencyLimiter(IOptions<FootfallOptions> options, IClientKeyProvider clients) : IDisposable
{
    private readonly SemaphoreSlim _all = new(options.Value.Query.MaxExports);
    private readonly ClientConcurrencyLimiter _byClient = new(Math.Max(1, options.Value.Query.MaxExports / 2));

    /// <returns>Null if too many are running; otherwise the lease, to be disposed.</returns>
    public IDisposable? TryAcquire(HttpContext http)
    {
        var client = clients.GetKey(http);
        if (!_byClient.TryAcquire(client)) return null;
        if (_all.Wait(0, CancellationToken.None)) return new Lease(this, client);
        _byClient.Release(client);
        return null;
    }

    public void Dispose() => _all.Dispose();

    private sealed class Lease(ExportConcurrencyLimiter limiter, ulong client) : IDisposable
    {
        public void Dispose()
        {
            limiter._all.Release();
            limiter._byClient.Release(client);
        }
    }
}
