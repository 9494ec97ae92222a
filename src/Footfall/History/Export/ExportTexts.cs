using Footfall.History.Queries;

namespace Footfall.History.Export;

/// <summary>Finds the texts of numbers. Those of the last pieces are kept: most rows share theirs.</summary>
internal sealed class ExportTexts
{
    /// <summary>About 20 MB with texts of 50 characters.</summary>
    private const int Capacity = 100_000;

    private readonly Dictionary<int, string> _known = new() { [0] = "" };
    private readonly HashSet<int> _requested = [];

    /// <summary>Notes a number that <see cref="Find"/> is asked for after <see cref="Fetch"/>.</summary>
    /// <returns>The number.</returns>
    public int Request(int number)
    {
        if (!_known.ContainsKey(number)) _requested.Add(number);
        return number;
    }

    /// <summary>Reads the texts that are wanted. Only between pieces, since it may forget others.</summary>
    public void Fetch(Snapshot snapshot)
    {
        foreach (var chunk in _requested.Order().Chunk(10_000))
            foreach (var (id, text) in snapshot.Read($"SELECT id, text FROM texts WHERE id IN ({string.Join(',', chunk)})", null,
                static row => (row.GetInt32(0), row.GetString(1))))
                _known[id] = text;
        _requested.Clear();
    }

    /// <summary>The text; null for the empty one.</summary>
    public string? Find(int number) => number == 0 ? null : _known[number];

    /// <summary>Bounds the memory, before a piece.</summary>
    public void Trim()
    {
        if (_known.Count <= Capacity) return;
        _known.Clear();
        _known[0] = "";
    }
}
