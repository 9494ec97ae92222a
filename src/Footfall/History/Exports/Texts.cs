using Footfall.History.Planning;

namespace Footfall.History.Exports;

/// <summary>Finds the texts of numbers. Those of the last pieces are kept: most rows share theirs.</summary>
internal sealed class Texts
{
    /// <summary>About 20 MB with texts of 50 characters.</summary>
    private const int Kept = 100_000;

    private readonly Dictionary<int, string> _known = new() { [0] = "" };
    private readonly HashSet<int> _wanted = [];

    /// <summary>Notes a number that <see cref="Of"/> is asked for after <see cref="Fetch"/>.</summary>
    /// <returns>The number.</returns>
    public int Want(int number)
    {
        if (!_known.ContainsKey(number)) _wanted.Add(number);
        return number;
    }

    /// <summary>Reads the texts that are wanted. Only between pieces, since it may forget others.</summary>
    public void Fetch(Snapshot snapshot)
    {
        foreach (var some in _wanted.Order().Chunk(10_000))
            foreach (var (id, text) in snapshot.Read($"SELECT id, text FROM texts WHERE id IN ({string.Join(',', some)})", null, static row => (row.GetInt32(0), row.GetString(1))))
                _known[id] = text;
        _wanted.Clear();
    }

    /// <summary>The text; null for the empty one.</summary>
    public string? Of(int number) => number == 0 ? null : _known[number];

    /// <summary>Bounds the memory, before a piece.</summary>
    public void Shrink()
    {
        if (_known.Count <= Kept) return;
        _known.Clear();
        _known[0] = "";
    }
}
