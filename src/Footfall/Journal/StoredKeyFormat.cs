using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Footfall.Journal;

/// <summary>
/// The stored keys of a commit: pairs of little-endian 64-bit numbers, a key and its outcome. A pair with key 0, which is never a key,
/// names the site of the pairs that follow, so that the keys of a site can be deleted.
/// </summary>
internal static class StoredKeyFormat
{
    public const ulong SiteMarker = 0;

    private const int PairBytes = 16;

    public delegate void KeyCallback(ulong key, ulong value);

    /// <summary>The number that identifies a site.</summary>
    public static ulong HashSite(string domain) => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(domain));

    public static void Read(ReadOnlySpan<byte> pairs, KeyCallback callback)
    {
        for (; pairs.Length >= PairBytes; pairs = pairs[PairBytes..])
            if (ReadKey(pairs) is not SiteMarker and var key) callback(key, ReadValue(pairs));
    }

    /// <summary>Leaves out the keys of a site.</summary>
    /// <param name="site">The result of <see cref="HashSite"/>.</param>
    /// <param name="removed">Receives the removed keys.</param>
    /// <returns>The other pairs; null if none was removed.</returns>
    public static byte[]? RemoveSite(ReadOnlySpan<byte> pairs, ulong site, List<ulong> removed)
    {
        var kept = new List<byte>(pairs.Length);
        var (before, skip) = (removed.Count, false);
        for (; pairs.Length >= PairBytes; pairs = pairs[PairBytes..])
        {
            if (ReadKey(pairs) == SiteMarker) skip = ReadValue(pairs) == site;
            else if (skip) removed.Add(ReadKey(pairs));
            if (!skip) kept.AddRange(pairs[..PairBytes]);
        }
        return removed.Count > before ? [.. kept] : null;
    }

    private static ulong ReadKey(ReadOnlySpan<byte> pair) => BinaryPrimitives.ReadUInt64LittleEndian(pair);

    private static ulong ReadValue(ReadOnlySpan<byte> pair) => BinaryPrimitives.ReadUInt64LittleEndian(pair[8..]);
}
