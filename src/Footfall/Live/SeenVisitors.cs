using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Footfall.Live;

/// <summary>
/// Where each visitor of the last five minutes is counted, so that a visitor who comes back is moved and not counted again.
/// Divided into parts that are swept and grown one at a time: the longest pause is that of <see cref="PartLimit"/> entries, not of a million.
/// </summary>
internal sealed class SeenVisitors
{
    /// <summary>The most visitors that are known at once, about 40 MB. One beyond is counted at every hit, as a bare visit is.</summary>
    public const int Limit = Parts * PartLimit;

    private const int Parts = 256;
    private const int PartLimit = 4096;

    /// <param name="Step">The step that counts the visitor.</param>
    /// <param name="Stamp">What <see cref="Tally{T}.Add"/> returned; 0, which no row has, for a visitor who was not known.</param>
    /// <param name="Slot">The country that counts the visitor.</param>
    internal readonly record struct Place(long Step, int Stamp, int Slot);

    private readonly Part?[] _parts = new Part?[Parts];

    /// <summary>Finds or adds a visitor.</summary>
    /// <param name="site">Visitors of different sites are different people, even where the hashes are the same.</param>
    /// <param name="now">The step that runs.</param>
    /// <returns>A place to read and to write at once, before the next call; a null reference if the table is full.</returns>
    public ref Place Find(int site, ulong visitor, long now)
    {
        // Fibonacci hashing spreads the sites; the visitor is a uniform hash already.
        var key = visitor ^ (ulong)site * 0x9E37_79B9_7F4A_7C15;
        return ref (_parts[key >> 56] ??= new Part()).Find(key, now);
    }

    private sealed class Part
    {
        private readonly Dictionary<ulong, Place> _places = [];
        private int _limit = 16;
        private long _full = long.MinValue;

        public ref Place Find(ulong key, long now)
        {
            ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(_places, key);
            if (!Unsafe.IsNullRef(ref known)) return ref known;
            if (_places.Count >= _limit && !MakeRoom(now)) return ref Unsafe.NullRef<Place>();
            return ref CollectionsMarshal.GetValueRefOrAddDefault(_places, key, out _);
        }

        /// <summary>Forgets who is not active any more; grows only if most still are. A full part is swept once a step.</summary>
        private bool MakeRoom(long now)
        {
            if (_full == now) return false;
            foreach (var (key, place) in _places)
                if (place.Step <= now - Moment.Steps || place.Step > now + Moment.Steps) _places.Remove(key);
            if (_places.Count > _limit / 2) _limit = Math.Min(_limit * 2, PartLimit);
            if (_places.Count < _limit) return true;
            _full = now;
            return false;
        }
    }
}
