using Footfall.History.Queries;

namespace Footfall.History.Export;

/// <summary>Finds texts by number. Texts of recent chunks are cached, since most rows share them.</summary>
internal sealed class ExportTexts
{
    /// <summary>About 20 MB with texts of 50 characters.</summary>
    private const int Capacity = 100_000;

    private readonly Dictionary<int, string> _known = new() { [0] = "" };
    private readonly HashSet<int> _requested = [];

    /// <summary>Registers a number for the next <see cref="Fetch"/>, so that <see cref="Find"/> finds it.</summary>
    /// <returns>The number.</returns>
    public int Request(int number)
    {
        if (!_known.ContainsKey(number)) _requested.Add(number);
        return number;
    }

    /// <summary>Reads the registered texts. Only between chunks, since it may evict others.</summary>
    public void Fetch(Snapshot snapshot)
    {
        foreach (var chunk in _requested.Order().Chunk(10_000))
            foreach (var (id, text) in snapshot.Read($"SELECT id, text FROM texts WHERE id IN ({string.Join(',', chunk)})", null,
                static row => (row.GetInt32(0), row.GetString(1))))
                _known[id] = text;
        _requested.Clear();
    }

    /// <summary>The text; null if it is empty.</summary>
    public string? Find(int number) => number == 0 ? null : _known[number];

    /// <summary>Bounds the memory, before a chunk.</summary>
    public void Trim()
    {
        if (_known.Count <= Capacity) return;
        _known.Clear();
        _known[0] = "";
    }
}
