using Footfall.Words;
using Microsoft.Extensions.Options;

namespace Footfall.Query.Export;

/// <summary>Lets so many exports run at once, half of them for one client. None waits: an export may take an hour.</summary>
internal sealed class ExportConcurrencyLimiter(IOptions<FootfallOptions> options, IClients clients) : IDisposable
{
    private readonly SemaphoreSlim _all = new(options.Value.Query.MaxExports);
    private readonly ClientCounts _byClient = new(Math.Max(1, options.Value.Query.MaxExports / 2));

    /// <returns>Null where as many run as may; otherwise the lease, to be disposed of.</returns>
    public IDisposable? TryAcquire(HttpContext http)
    {
        var client = clients.KeyOf(http);
        if (!_byClient.TryEnter(client)) return null;
        if (_all.Wait(0, CancellationToken.None)) return new Lease(this, client);
        _byClient.Leave(client);
        return null;
    }

    public void Dispose() => _all.Dispose();

    private sealed class Lease(ExportConcurrencyLimiter of, ulong client) : IDisposable
    {
        public void Dispose()
        {
            of._all.Release();
            of._byClient.Leave(client);
        }
    }
}
