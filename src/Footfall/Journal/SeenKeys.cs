using System.Numerics;

namespace Footfall.Journal;

/// <summary>
/// The keys of the last 24 hours, as 64-bit hashes, and what was answered to each. Kept in slices, the newest last: a full slice is closed
/// and never grows again, so that no hit waits for a table of millions to be copied, and a slice is dropped whole when it is too old.
/// Costs 10 to 20 bytes a key (twice that with answers).
/// </summary>
internal sealed class SeenKeys
{
    /// <summary>How long a key is remembered, in milliseconds: 24 hours.</summary>
    public const long Remembered = 24 * 60 * 60 * 1000;

    private const int SliceKeys = 800_000;
    private const long SliceAge = 60 * 60 * 1000;

    private readonly List<Slice> _slices = [new Slice(0)];
    private readonly List<ulong> _undo = [];

    public int Count => _slices.Sum(slice => slice.Count);

    /// <param name="key">Never 0.</param>
    /// <param name="answer">What was given to <see cref="Add"/>.</param>
    public bool TryGet(ulong key, out ulong answer)
    {
        for (var i = _slices.Count - 1; i >= 0; i--)
            if (_slices[i].TryGet(key, out answer)) return true;
        answer = 0;
        return false;
    }

    /// <param name="now">A time that never goes back, in milliseconds: slices are aged by it.</param>
    public void Add(ulong key, ulong answer, long now)
    {
        var newest = _slices[^1];
        if (newest.Count == 0) newest.Opened = now;
        else if (newest.Count >= SliceKeys || now - newest.Opened > SliceAge) _slices.Add(newest = new Slice(now));
        newest.Add(key, answer);
        newest.Closed = now;
        _undo.Add(key);
    }

    public void Keep() => _undo.Clear();

    public void Undo()
    {
        foreach (var key in _undo) Remove(key);
        _undo.Clear();
    }

    /// <summary>Forgets a key, for good.</summary>
    public void Remove(ulong key)
    {
        for (var i = _slices.Count - 1; i >= 0; i--)
            if (_slices[i].Remove(key)) break;
    }

    /// <summary>Drops slices whose youngest key is too old.</summary>
    public void Forget(long now)
    {
        _slices.RemoveAll(slice => slice.Count > 0 && now - slice.Closed > Remembered);
        if (_slices.Count == 0) _slices.Add(new Slice(now));
    }

    /// <summary>A hash table with linear probing; the keys are hashes already.</summary>
    private sealed class Slice(long opened)
    {
        private ulong[] _keys = new ulong[1024];
        private ulong[]? _answers;

        public long Opened { get; set; } = opened;

        public long Closed { get; set; } = opened;

        public int Count { get; private set; }

        public bool TryGet(ulong key, out ulong answer)
        {
            var at = Find(key);
            answer = _answers is null ? 0 : _answers[at];
            return _keys[at] == key;
        }

        public void Add(ulong key, ulong answer)
        {
            if (Count * 5L >= _keys.Length * 4L) Grow();
            if (answer != 0) _answers ??= new ulong[_keys.Length];
            var at = Find(key);
            if (_keys[at] == 0) Count++;
            _keys[at] = key;
            if (_answers is not null) _answers[at] = answer;
        }

        /// <summary>Takes a key out and closes the gap (Knuth, The Art of Computer Programming 3, 6.4, algorithm R).</summary>
        public bool Remove(ulong key)
        {
            var gap = Find(key);
            if (_keys[gap] != key) return false;
            Count--;
            var mask = _keys.Length - 1;
            for (var at = gap; ;)
            {
                _keys[gap] = 0;
                if (_answers is not null) _answers[gap] = 0;
                do
                {
                    at = (at + 1) & mask;
                    if (_keys[at] == 0) return true;
                }
                while (((at - Home(_keys[at])) & mask) < ((at - gap) & mask));
                _keys[gap] = _keys[at];
                if (_answers is not null) _answers[gap] = _answers[at];
                gap = at;
            }
        }

        private int Home(ulong key) => (int)(key >> (64 - BitOperations.Log2((uint)_keys.Length)));

        private int Find(ulong key)
        {
            var at = Home(key);
            while (_keys[at] != 0 && _keys[at] != key) at = (at + 1) & (_keys.Length - 1);
            return at;
        }

        private void Grow()
        {
            var (keys, answers) = (_keys, _answers);
            _keys = new ulong[keys.Length * 2];
            if (answers is not null) _answers = new ulong[_keys.Length];
            for (var i = 0; i < keys.Length; i++)
            {
                if (keys[i] == 0) continue;
                var at = Find(keys[i]);
                _keys[at] = keys[i];
                if (answers is not null) _answers![at] = answers[i];
            }
        }
    }
}
