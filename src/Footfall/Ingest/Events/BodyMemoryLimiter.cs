using System.Threading.RateLimiting;
using Footfall.Common;
using Microsoft.Extensions.Options;

namespace Footfall.Ingest.Events;

/// <summary>
/// Bounds the memory that all bodies take together while they are received and decompressed. Small bodies may use all of it, larger ones
/// three quarters: a few large uploads never keep a shop's pages from being counted.
/// </summary>
internal sealed class BodyMemoryLimiter(IOptions<FootfallOptions> options) : IDisposable
{
    /// <summary>The largest small body, in bytes.</summary>
    public const int SmallBodyBytes = 64 * 1024;

    /// <summary>
    /// How many bodies may wait until they are decompressed: about a second's work, where each has a bomb of the largest size.
    /// </summary>
    private const int MaxQueuedDecompressions = 100;

    // The largest body and what it decompresses to fit into it alone.
    private readonly long _limit = Math.Max((long)options.Value.BodyMemoryMegabytes << 20, 4L * options.Value.MaxEventsBytes);
    private long _used;

    /// <summary>
    /// Who decompresses: not all processors, since a body of a few bytes takes one for tens of milliseconds, and queries would wait behind
    /// thousands of them.
    /// </summary>
    public ConcurrencyLimiter DecompressionLimiter { get; } = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = Math.Max(1, Environment.ProcessorCount / 2),
        QueueLimit = MaxQueuedDecompressions,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Reserves memory for one buffer.</summary>
    /// <param name="bytes">Its size.</param>
    /// <returns>False where other requests have it: nothing is reserved then.</returns>
    public bool TryReserve(int bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= (bytes <= SmallBodyBytes ? _limit : _limit / 4 * 3)) return true;
        Release(bytes);
        return false;
    }

    public void Release(int bytes) => Interlocked.Add(ref _used, -bytes);

    public void Dispose() => DecompressionLimiter.Dispose();
}
