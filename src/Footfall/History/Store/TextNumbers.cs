using System.Runtime.InteropServices;
using System.Text;
using DuckDB.NET.Data;

namespace Footfall.History.Store;

/// <summary>
/// Numbers texts, the same text always alike. The texts seen lately are kept in memory, at most <see cref="Kept"/> of them: while that is all there are,
/// the store is not asked. New texts have a provisional number below zero until <see cref="Resolve"/>. Used by one thread.
/// </summary>
internal sealed class TextNumbers
{
    /// <summary>About 40 MB with texts of 50 characters.</summary>
    private const int Kept = 250_000;

    private const int StackLimit = 1_024;

    private readonly Dictionary<string, int> _numbers = [];
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly List<string> _new = [];
    private readonly List<int> _resolved = [];
    private bool _complete;
    private int _last;

    public TextNumbers() => _lookup = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The texts that the store does not have yet, with their numbers; after <see cref="Resolve"/>.</summary>
    public List<(int Id, string Text)> Added { get; } = [];

    /// <summary>Begins anew with what the store has.</summary>
    public void Load(DuckDBConnection connection)
    {
        Forget();
        _last = connection.Scalar<int?>("SELECT max(id) FROM texts") ?? 0;
        _complete = _last < Kept;
        if (!_complete) return;
        foreach (var row in connection.Query("SELECT id, text FROM texts")) _numbers[row.GetString(1)] = row.GetInt32(0);
    }

    /// <summary>The number of a text; below zero for a provisional one. The empty text is 0.</summary>
    public int Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty) return 0;
        if (utf8.Length > StackLimit) return Of(Encoding.UTF8.GetString(utf8));
        Span<char> text = stackalloc char[utf8.Length];
        return Of(text[..Encoding.UTF8.GetChars(utf8, text)]);
    }

    /// <inheritdoc cref="Of(ReadOnlySpan{byte})"/>
    public int Of(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return 0;
        // In DuckDB's C interface a text ends at NUL: two texts would be one there.
        if (text.Contains('\0')) return Of(text.ToString().Replace('\0', '\uFFFD'));
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_lookup, text, out var known);
        if (known) return number;
        _new.Add(text.ToString());
        return number = -_new.Count;
    }

    /// <summary>Gives every provisional number its own, from the store or new.</summary>
    public void Resolve(DuckDBConnection connection)
    {
        Added.Clear();
        _resolved.Clear();
        var stored = _complete || _new.Count == 0 ? [] : Find(connection);
        foreach (var text in _new)
        {
            if (!stored.TryGetValue(text, out var id)) Added.Add((id = ++_last, text));
            _resolved.Add(id);
        }
    }

    /// <summary>The number of a text, provisional or not.</summary>
    public int Final(int number) => number >= 0 ? number : _resolved[-number - 1];

    /// <summary>The texts are in the store.</summary>
    public void Keep()
    {
        for (var i = 0; i < _new.Count; i++) _numbers[_new[i]] = _resolved[i];
        _new.Clear();
        Added.Clear();
        if (_numbers.Count <= Kept) return;
        _numbers.Clear();
        _complete = false;
    }

    /// <summary>The transaction failed: begin anew with <see cref="Load"/>.</summary>
    public void Forget()
    {
        _numbers.Clear();
        _new.Clear();
        Added.Clear();
        _complete = false;
    }

    private Dictionary<string, int> Find(DuckDBConnection connection)
    {
        connection.Run("CREATE OR REPLACE TEMP TABLE wanted_texts (text VARCHAR)");
        using (var wanted = connection.CreateAppender("temp", "main", "wanted_texts"))
            foreach (var text in _new) wanted.CreateRow().AppendValue(text).EndRow();
        return connection.Query("SELECT id, text FROM texts SEMI JOIN wanted_texts USING (text)").ToDictionary(row => row.GetString(1), row => row.GetInt32(0));
    }
}
