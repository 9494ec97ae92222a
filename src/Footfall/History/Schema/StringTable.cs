using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using DuckDB.NET.Data;

namespace Footfall.History.Schema;

/// <summary>
/// Assigns each text a number. Recent texts are cached, at most <see cref="Capacity"/>; while the cache has all of them, the store is not
/// queried. New texts have a negative provisional number until <see cref="Resolve"/>. Not thread-safe.
/// </summary>
/// <param name="newPerDay">How many new texts one site may add per day; further ones become <see cref="OtherText"/>.</param>
internal sealed class StringTable(int newPerDay = int.MaxValue)
{
    public const string OtherText = "(other)";

    /// <summary>About 30 MB with texts of 50 characters.</summary>
    private const int Capacity = 250_000;

    private const int StackLimit = 512;

    /// <summary>An import of years has many days; the counts of the oldest are no longer needed.</summary>
    private const int MaxTrackedDays = 100_000;

    // Keyed by their bytes as in the journal: allocating a string for each text costs more than the rest of the lookup.
    private readonly Dictionary<byte[], int> _numbers = new(new Utf8Comparer());
    private readonly List<NewText> _new = [];
    private readonly List<int> _resolved = [];
    private readonly Dictionary<SiteDay, int> _newByDay = [];
    private int? _otherNumber;
    private bool _complete;
    private int _lastNumber;

    /// <summary>The site and day that a text counts against.</summary>
    internal readonly record struct SiteDay(int Site, int Day);

    /// <param name="Owner">Null for a text without a limit.</param>
    private readonly record struct NewText(byte[] Utf8, SiteDay? Owner);

    /// <summary>The site and day of the texts that follow.</summary>
    public SiteDay? CurrentOwner { get; set; }

    /// <summary>How many texts became <see cref="OtherText"/> at the last <see cref="Resolve"/>.</summary>
    public int LimitedCount { get; private set; }

    /// <summary>The number of <see cref="OtherText"/>; null if it was never needed.</summary>
    public int? OtherNumber => _otherNumber;

    /// <summary>The texts to add to the store, with their numbers; after <see cref="Resolve"/>.</summary>
    public List<(int Id, string Text)> Added { get; } = [];

    /// <summary>Reloads from the store.</summary>
    public void Load(DuckDBConnection connection)
    {
        Reset();
        _lastNumber = connection.Scalar<int?>("SELECT max(id) FROM texts") ?? 0;
        _otherNumber = connection.Scalar<int?>("SELECT id FROM texts WHERE text = $1", OtherText);
        _complete = _lastNumber < Capacity;
        if (!_complete) return;
        foreach (var row in connection.Query("SELECT id, text FROM texts"))
            _numbers[Encoding.UTF8.GetBytes(row.GetString(1))] = row.GetInt32(0);
    }

    /// <summary>The number of a text; negative if provisional. The empty text is 0.</summary>
    public int GetOrAdd(ReadOnlySpan<byte> utf8) =>
        utf8.IsEmpty ? 0 : _numbers.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(utf8, out var number) ? number : Add(utf8);

    /// <summary>The number of a text with few distinct values, such as a currency: never <see cref="OtherText"/>.</summary>
    public int GetOrAddCode(ReadOnlySpan<byte> utf8)
    {
        var number = GetOrAdd(utf8);
        if (number < 0) _new[-number - 1] = _new[-number - 1] with { Owner = null };
        return number;
    }

    /// <inheritdoc cref="GetOrAddCode(ReadOnlySpan{byte})"/>
    public int GetOrAddCode(string text) => GetOrAddCode(Encoding.UTF8.GetBytes(text));

    /// <inheritdoc cref="GetOrAdd(ReadOnlySpan{byte})"/>
    public int GetOrAdd(ReadOnlySpan<char> text)
    {
        Span<byte> utf8 = text.Length <= StackLimit ? stackalloc byte[Encoding.UTF8.GetMaxByteCount(StackLimit)]
            : new byte[Encoding.UTF8.GetByteCount(text)];
        return GetOrAdd(utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
    }

    /// <summary>Replaces every provisional number with a stored or a new one.</summary>
    public void Resolve(DuckDBConnection connection)
    {
        Added.Clear();
        _resolved.Clear();
        LimitedCount = 0;
        var stored = _complete || _new.Count == 0 ? [] : Find(connection);
        foreach (var (text, owner) in _new)
        {
            if (!stored.TryGetValue(text, out var id)) id = text.AsSpan().SequenceEqual("(other)"u8) || IsOverLimit(owner)
                ? GetOtherNumber() : AddNew(Encoding.UTF8.GetString(text));
            _resolved.Add(id);
        }
    }

    private bool IsOverLimit(SiteDay? owner)
    {
        if (owner is not { } day) return false;
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_newByDay, day, out _);
        if (count < newPerDay)
        {
            count++;
            return false;
        }
        LimitedCount++;
        return true;
    }

    private int AddNew(string text)
    {
        Added.Add((++_lastNumber, text));
        return _lastNumber;
    }

    private int GetOtherNumber() => _otherNumber ??= AddNew(OtherText);

    /// <summary>The number of a text, provisional or not.</summary>
    public int FinalNumber(int number) => number >= 0 ? number : _resolved[-number - 1];

    /// <summary>Call when the texts are in the store.</summary>
    public void Commit()
    {
        for (var i = 0; i < _new.Count; i++)
        {
            // On another day the text may get its own number.
            if (_resolved[i] == _otherNumber) _numbers.Remove(_new[i].Utf8);
            else _numbers[_new[i].Utf8] = _resolved[i];
        }
        _new.Clear();
        if (_newByDay.Count > MaxTrackedDays) _newByDay.Clear();
        Added.Clear();
        if (_numbers.Count <= Capacity) return;
        _numbers.Clear();
        _complete = false;
    }

    /// <summary>Call when the transaction failed, then reload with <see cref="Load"/>.</summary>
    public void Reset()
    {
        _numbers.Clear();
        _newByDay.Clear();
        _new.Clear();
        Added.Clear();
        _complete = false;
    }

    private int Add(ReadOnlySpan<byte> utf8)
    {
        // In DuckDB's C interface a text ends at NUL, and invalid UTF-8 is rejected: in the store, several texts would become one.
        if (utf8.Contains((byte)0) || !Utf8.IsValid(utf8)) return GetOrAdd(Encoding.UTF8.GetString(utf8).Replace('\0', '\uFFFD'));
        var text = utf8.ToArray();
        _new.Add(new NewText(text, CurrentOwner));
        return _numbers[text] = -_new.Count;
    }

    private Dictionary<byte[], int> Find(DuckDBConnection connection)
    {
        connection.Execute("CREATE OR REPLACE TEMP TABLE wanted_texts (text VARCHAR)");
        using (var wanted = connection.CreateAppender("temp", "main", "wanted_texts"))
            foreach (var (text, _) in _new) wanted.CreateRow().AppendValue(Encoding.UTF8.GetString(text)).EndRow();
        return connection.Query("SELECT id, text FROM texts SEMI JOIN wanted_texts USING (text)")
            .ToDictionary(row => Encoding.UTF8.GetBytes(row.GetString(1)), row => row.GetInt32(0), _numbers.Comparer);
    }

    /// <summary>Seeded, since senders choose the texts.</summary>
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
