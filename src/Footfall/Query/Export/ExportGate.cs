using Footfall.Words;
using Microsoft.Extensions.Options;

namespace Footfall.Query.Export;

/// <summary>Lets so many exports run at once. None waits: an export may take an hour.</summary>
internal sealed class ExportGate(IOptions<FootfallOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _places = new(options.Value.Query.MaxExports);

    /// <returns>Null where as many run as may; otherwise the place, to be disposed of.</returns>
    public IDisposable? TryEnter() => _places.Wait(0, CancellationToken.None) ? new Place(_places) : null;

    public void Dispose() => _places.Dispose();

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}
