using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Footfall.Common;

/// <summary>
/// Requests of each client in a fixed window of 60 seconds that begins with the client's first request. A set-associative table: each
/// client belongs to one set of eight entries; if they are all taken, the one with the oldest window is replaced, so that with more clients
/// than entries a client may get a new window early, but none is ever rejected wrongly.
/// </summary>
/// <remarks>
/// Sixteen bytes per client, 16 MiB when every entry is in use: <c>docs/decisions/rate-limiter.md</c> compares it with the framework's
/// limiter. The array is larger than 85,000 bytes, so the runtime takes fresh zeroed pages for it, which cost memory only once they are
/// touched.
/// </remarks>
internal sealed class FixedWindowCounters
{
    /// <summary>The length of a window, in milliseconds.</summary>
    public const int WindowMilliseconds = 60_000;

    private const int EntriesPerSet = 8;
    private const int CountBits = 24;
    private const ulong CountMask = (1UL << CountBits) - 1;

    private readonly Entry[] _entries;
    private readonly Lock[] _locks;
    private readonly int _setMask;
    private readonly ulong _xorMask, _multiplier1, _multiplier2;
    private long _evictions;

    /// <param name="sets">How many sets of eight, a power of two.</param>
    public FixedWindowCounters(int sets = 1 << 17)
    {
        _entries = new Entry[sets * EntriesPerSet];
        _setMask = sets - 1;
        _locks = [.. Enumerable.Range(0, Math.Min(sets, 256)).Select(_ => new Lock())];
        Span<ulong> secrets = stackalloc ulong[3];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(secrets));
        // Odd, so that multiplication is a permutation.
        (_xorMask, _multiplier1, _multiplier2) = (secrets[0], secrets[1] | 1, secrets[2] | 1);
    }

    /// <summary>How often a client was replaced before its window ended.</summary>
    public long Evictions => Interlocked.Read(ref _evictions);

    /// <summary>Counts a request.</summary>
    /// <param name="client">From <see cref="ToClientKey"/>.</param>
    /// <param name="now">Monotonic time in milliseconds, from 0.</param>
    public WindowUsage Increment(ulong client, long now)
    {
        var key = Scramble(client);
        var set = (int)key & _setMask;
        var entries = _entries.AsSpan(set * EntriesPerSet, EntriesPerSet);
        lock (_locks[set & (_locks.Length - 1)])
        {
            ref var entry = ref FindEntry(entries, key);
            // Another processor's clock may be a moment behind.
            var age = Math.Max(0, now - entry.Start);
            if (entry.Key == key && entry.Used && age < WindowMilliseconds)
            {
                if (entry.Count < (int)CountMask) entry.State++;
                return new(entry.Count, WindowMilliseconds - (int)age);
            }
            if (entry.Key != key && entry.Used && age < WindowMilliseconds) Interlocked.Increment(ref _evictions);
            entry = new Entry { Key = key, State = ((ulong)(now + 1) << CountBits) | 1 };
            return new(1, WindowMilliseconds);
        }
    }

    /// <summary>
    /// Identifies a client exactly in 64 bits: an IPv4 address, or the /64 network of an IPv6 address, which is what one line gets (RFC
    /// 6177). IPv4 is mapped to ff00::/8, the multicast addresses, which no client has.
    /// </summary>
    public static ulong ToClientKey(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out var length)) throw new InvalidOperationException("An address has at most 16 bytes.");
        if (address.AddressFamily == AddressFamily.InterNetwork) return Ipv4(bytes[..length]);
        return address.IsIPv4MappedToIPv6 ? Ipv4(bytes[12..]) : BinaryPrimitives.ReadUInt64BigEndian(bytes);

        static ulong Ipv4(ReadOnlySpan<byte> four) => 0xFF00_0000_0000_0000UL | BinaryPrimitives.ReadUInt32BigEndian(four);
    }

    /// <summary>The client's entry, or the one to replace: a free one, or the one with the oldest window.</summary>
    private static ref Entry FindEntry(Span<Entry> entries, ulong key)
    {
        ref var oldest = ref entries[0];
        foreach (ref var entry in entries)
        {
            if (entry.Key == key && entry.Used) return ref entry;
            if (entry.State < oldest.State) oldest = ref entry;
        }
        return ref oldest;
    }

    /// <summary>
    /// A keyed permutation: outsiders can't choose the set of an address, no two clients ever share an entry (with a hash they could, and
    /// one would be rejected for the other's requests), and no plain address is in memory.
    /// </summary>
    private ulong Scramble(ulong value)
    {
        value = (value ^ _xorMask) * _multiplier1;
        value = (value ^ (value >> 32)) * _multiplier2;
        return value ^ (value >> 29);
    }

    /// <summary>
    /// State is the start of the window plus 1 ms, then 24 bits of count: 0 is a free entry, and the smallest state is the oldest window.
    /// </summary>
    private struct Entry
    {
        public ulong Key;
        public ulong State;

        public readonly bool Used => State != 0;

        public readonly long Start => (long)(State >> CountBits) - 1;

        public readonly int Count => (int)(State & CountMask);
    }
}

/// <summary>What a client has used of its window.</summary>
/// <param name="Count">Requests, this one included.</param>
/// <param name="MillisecondsLeft">Milliseconds until the window ends.</param>
internal readonly record struct WindowUsage(int Count, int MillisecondsLeft);
