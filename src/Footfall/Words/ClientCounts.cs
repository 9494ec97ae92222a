namespace Footfall.Words;

/// <summary>Counts what each client has under way. Nothing is kept of a client that has nothing.</summary>
/// <param name="most">How much one may have; 0 for no limit.</param>
internal sealed class ClientCounts(int most)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, int> _counts = [];

    /// <returns>Whether it may; then <see cref="Leave"/> must follow.</returns>
    public bool TryEnter(ulong client)
    {
        lock (_lock)
        {
            var count = _counts.GetValueOrDefault(client);
            if (most > 0 && count >= most) return false;
            _counts[client] = count + 1;
            return true;
        }
    }

    public void Leave(ulong client)
    {
        lock (_lock)
            if (--_counts[client] == 0) _counts.Remove(client);
    }
}
