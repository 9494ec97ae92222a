using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Footfall.Live;

/// <summary>
/// Where each visitor of the last five minutes is counted, so that a returning visitor is moved, not counted again. Partitions are swept
/// and grown one at a time: the longest pause is that of <see cref="PartitionLimit"/> entries, not of a million.
/// </summary>
internal sealed class ActiveVisitors
{
    /// <summary>The most visitors tracked at once, about 40 MB. Further ones are counted at every hit, like bare visits.</summary>
    public const int Limit = PartitionCount * PartitionLimit;

    private const int PartitionCount = 256;
    private const int PartitionLimit = 4096;

    /// <param name="Step">The step that counts the visitor.</param>
    /// <param name="Stamp">What <see cref="RingCounter{T}.Add"/> returned; 0, which no row has, for a new visitor.</param>
    /// <param name="Slot">The country that counts the visitor.</param>
    internal readonly record struct Entry(long Step, int Stamp, int Slot);

    private readonly Partition?[] _partitions = new Partition?[PartitionCount];

    /// <summary>Finds or adds a visitor.</summary>
    /// <param name="site">Visitors of different sites are different people, even where the hashes are the same.</param>
    /// <param name="now">The current step.</param>
    /// <returns>A reference to read and write before the next call; a null reference if the table is full.</returns>
    public ref Entry FindOrAdd(int site, ulong visitor, long now)
    {
        // Fibonacci hashing spreads the sites; the visitor is a uniform hash already.
        var key = visitor ^ (ulong)site * 0x9E37_79B9_7F4A_7C15;
        return ref (_partitions[key >> 56] ??= new Partition()).FindOrAdd(key, now);
    }

    private sealed class Partition
    {
        private readonly Dictionary<ulong, Entry> _entries = [];
        private int _limit = 16;
        private long _fullStep = long.MinValue;

        public ref Entry FindOrAdd(ulong key, long now)
        {
            ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(_entries, key);
            if (!Unsafe.IsNullRef(ref known)) return ref known;
            if (_entries.Count >= _limit && !TryMakeRoom(now)) return ref Unsafe.NullRef<Entry>();
            return ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, key, out _);
        }

        /// <summary>Removes inactive visitors; grows only if most are still active. A full partition is swept once per step.</summary>
        private bool TryMakeRoom(long now)
        {
            if (_fullStep == now) return false;
            foreach (var (key, entry) in _entries)
                if (entry.Step <= now - LiveTime.Steps || entry.Step > now + LiveTime.Steps) _entries.Remove(key);
            if (_entries.Count > _limit / 2) _limit = Math.Min(_limit * 2, PartitionLimit);
            if (_entries.Count < _limit) return true;
            _fullStep = now;
            return false;
        }
    }
}
