using System.Numerics;

namespace Footfall.Journal;

/// <summary>
/// The keys of the last 24 hours, as 64-bit hashes, and the outcome of each. Kept in slices, the newest last: a full slice never grows
/// again, so that no hit waits for a table of millions to be copied, and an expired slice is dropped whole. Costs 10 to 20 bytes per key
/// (twice that with outcomes).
/// </summary>
internal sealed class SeenKeys
{
    /// <summary>How long a key is remembered, in milliseconds: 24 hours.</summary>
    public const long Retention = 24 * 60 * 60 * 1000;

    private const int SegmentKeys = 800_000;
    private const long SegmentAge = 60 * 60 * 1000;

    private readonly List<Segment> _segments = [new Segment(0)];
    private readonly List<ulong> _undo = [];

    public int Count => _segments.Sum(segment => segment.Count);

    /// <param name="key">Never 0.</param>
    /// <param name="value">The value passed to <see cref="Add"/>.</param>
    public bool TryGet(ulong key, out ulong value)
    {
        for (var i = _segments.Count - 1; i >= 0; i--)
            if (_segments[i].TryGet(key, out value)) return true;
        value = 0;
        return false;
    }

    /// <param name="now">Monotonic time in milliseconds: slices expire by it.</param>
    public void Add(ulong key, ulong value, long now)
    {
        var newest = _segments[^1];
        if (newest.Count == 0) newest.OpenedAt = now;
        else if (newest.Count >= SegmentKeys || now - newest.OpenedAt > SegmentAge) _segments.Add(newest = new Segment(now));
        newest.Add(key, value);
        newest.ClosedAt = now;
        _undo.Add(key);
    }

    public void Commit() => _undo.Clear();

    public void Rollback()
    {
        foreach (var key in _undo) Remove(key);
        _undo.Clear();
    }

    /// <summary>Removes a key.</summary>
    public void Remove(ulong key)
    {
        for (var i = _segments.Count - 1; i >= 0; i--)
            if (_segments[i].Remove(key)) break;
    }

    /// <summary>Drops slices whose newest key has expired.</summary>
    public void RemoveExpired(long now)
    {
        _segments.RemoveAll(segment => segment.Count > 0 && now - segment.ClosedAt > Retention);
        if (_segments.Count == 0) _segments.Add(new Segment(now));
    }

    /// <summary>A hash table with linear probing; the keys are hashes already.</summary>
    private sealed class Segment(long opened)
    {
        private ulong[] _keys = new ulong[1024];
        private ulong[]? _values;

        public long OpenedAt { get; set; } = opened;

        public long ClosedAt { get; set; } = opened;

        public int Count { get; private set; }

        public bool TryGet(ulong key, out ulong value)
        {
            var index = FindIndex(key);
            value = _values is null ? 0 : _values[index];
            return _keys[index] == key;
        }

        public void Add(ulong key, ulong value)
        {
            if (Count * 5L >= _keys.Length * 4L) Grow();
            if (value != 0) _values ??= new ulong[_keys.Length];
            var index = FindIndex(key);
            if (_keys[index] == 0) Count++;
            _keys[index] = key;
            if (_values is not null) _values[index] = value;
        }

        /// <summary>Removes a key and closes the gap (Knuth, The Art of Computer Programming 3, 6.4, algorithm R).</summary>
        public bool Remove(ulong key)
        {
            var gap = FindIndex(key);
            if (_keys[gap] != key) return false;
            Count--;
            var mask = _keys.Length - 1;
            for (var index = gap; ;)
            {
                _keys[gap] = 0;
                if (_values is not null) _values[gap] = 0;
                do
                {
                    index = (index + 1) & mask;
                    if (_keys[index] == 0) return true;
                }
                while (((index - HomeIndex(_keys[index])) & mask) < ((index - gap) & mask));
                _keys[gap] = _keys[index];
                if (_values is not null) _values[gap] = _values[index];
                gap = index;
            }
        }

        private int HomeIndex(ulong key) => (int)(key >> (64 - BitOperations.Log2((uint)_keys.Length)));

        private int FindIndex(ulong key)
        {
            var index = HomeIndex(key);
            while (_keys[index] != 0 && _keys[index] != key) index = (index + 1) & (_keys.Length - 1);
            return index;
        }

        private void Grow()
        {
            var (keys, values) = (_keys, _values);
            _keys = new ulong[keys.Length * 2];
            if (values is not null) _values = new ulong[_keys.Length];
            for (var i = 0; i < keys.Length; i++)
            {
                if (keys[i] == 0) continue;
                var index = FindIndex(keys[i]);
                _keys[index] = keys[i];
                if (values is not null) _values![index] = values[i];
            }
        }
    }
}
