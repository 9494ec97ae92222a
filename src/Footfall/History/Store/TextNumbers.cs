using System.IO.Hashing;
using System.Text;
using System.Text.Unicode;
using DuckDB.NET.Data;

namespace Footfall.History.Store;

/// <summary>
/// Numbers texts, the same text always alike. The texts seen lately are kept in memory, at most <see cref="Kept"/> of them: while that is all there are,
/// the store is not asked. New texts have a provisional number below zero until <see cref="Resolve"/>. Used by one thread.
/// </summary>
internal sealed class TextNumbers
{
    /// <summary>About 30 MB with texts of 50 characters.</summary>
    private const int Kept = 250_000;

    private const int StackLimit = 512;

    // By their bytes, as the journal has them: to make a string of each text of each hit costs more than all the rest of the look-up.
    private readonly Dictionary<byte[], int> _numbers = new(new Utf8Comparer());
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly List<byte[]> _new = [];
    private readonly List<int> _resolved = [];
    private bool _complete;
    private int _last;

    public TextNumbers() => _lookup = _numbers.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>The texts that the store does not have yet, with their numbers; after <see cref="Resolve"/>.</summary>
    public List<(int Id, string Text)> Added { get; } = [];

    /// <summary>Begins anew with what the store has.</summary>
    public void Load(DuckDBConnection connection)
    {
        Forget();
        _last = connection.Scalar<int?>("SELECT max(id) FROM texts") ?? 0;
        _complete = _last < Kept;
        if (!_complete) return;
        foreach (var row in connection.Query("SELECT id, text FROM texts")) _numbers[Encoding.UTF8.GetBytes(row.GetString(1))] = row.GetInt32(0);
    }

    /// <summary>The number of a text; below zero for a provisional one. The empty text is 0.</summary>
    public int Of(ReadOnlySpan<byte> utf8) => utf8.IsEmpty ? 0 : _lookup.TryGetValue(utf8, out var number) ? number : Add(utf8);

    /// <inheritdoc cref="Of(ReadOnlySpan{byte})"/>
    public int Of(ReadOnlySpan<char> text)
    {
        Span<byte> utf8 = text.Length <= StackLimit ? stackalloc byte[Encoding.UTF8.GetMaxByteCount(StackLimit)] : new byte[Encoding.UTF8.GetByteCount(text)];
        return Of(utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
    }

    /// <summary>Gives every provisional number its own, from the store or new.</summary>
    public void Resolve(DuckDBConnection connection)
    {
        Added.Clear();
        _resolved.Clear();
        var stored = _complete || _new.Count == 0 ? [] : Find(connection);
        foreach (var text in _new)
        {
            if (!stored.TryGetValue(text, out var id)) Added.Add((id = ++_last, Encoding.UTF8.GetString(text)));
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

    private int Add(ReadOnlySpan<byte> utf8)
    {
        // In DuckDB's C interface a text ends at NUL, and one that is not UTF-8 is none: in the store several of them would be one.
        if (utf8.Contains((byte)0) || !Utf8.IsValid(utf8)) return Of(Encoding.UTF8.GetString(utf8).Replace('\0', '\uFFFD'));
        var text = utf8.ToArray();
        _new.Add(text);
        return _numbers[text] = -_new.Count;
    }

    private Dictionary<byte[], int> Find(DuckDBConnection connection)
    {
        connection.Run("CREATE OR REPLACE TEMP TABLE wanted_texts (text VARCHAR)");
        using (var wanted = connection.CreateAppender("temp", "main", "wanted_texts"))
            foreach (var text in _new) wanted.CreateRow().AppendValue(Encoding.UTF8.GetString(text)).EndRow();
        return connection.Query("SELECT id, text FROM texts SEMI JOIN wanted_texts USING (text)").ToDictionary(row => Encoding.UTF8.GetBytes(row.GetString(1)), row => row.GetInt32(0), _numbers.Comparer);
    }

    /// <summary>Seeded, since the texts are whatever is sent.</summary>
    private sealed class Utf8Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        private readonly long _seed = Random.Shared.NextInt64();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] text) => GetHashCode(text.AsSpan());

        public bool Equals(ReadOnlySpan<byte> text, byte[] other) => text.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> text) => (int)XxHash3.HashToUInt64(text, _seed);

        public byte[] Create(ReadOnlySpan<byte> text) => text.ToArray();
    }
}
