namespace Footfall.Common;

/// <summary>Counts the concurrent operations of each client. Clients without any use no memory.</summary>
/// <param name="limit">The maximum per client; 0 for no limit.</param>
internal sealed class ClientConcurrencyLimiter(int limit)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, int> _counts = [];

    /// <returns>Whether it is allowed; then <see cref="Release"/> must follow.</returns>
    public bool TryAcquire(ulong client)
    {
        lock (_lock)
        {
            var count = _counts.GetValueOrDefault(client);
            if (limit > 0 && count >= limit) return false;
            _counts[client] = count + 1;
            return true;
        }
    }

    public void Release(ulong client)
    {
        lock (_lock)
            if (--_counts[client] == 0) _counts.Remove(client);
    }
}
