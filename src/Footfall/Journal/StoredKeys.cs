using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Footfall.Journal;

/// <summary>
/// The keys of a commit as they are stored: pairs of little-endian 64-bit numbers, a key and what was answered to it. A pair whose key is 0, which no key is, tells the
/// site of those that follow, so that the keys of a site can be deleted.
/// </summary>
internal static class StoredKeys
{
    public const ulong SiteFollows = 0;

    private const int PairBytes = 16;

    public delegate void Reader(ulong key, ulong answer);

    /// <summary>The number that stands for a site.</summary>
    public static ulong HashOf(string domain) => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(domain));

    public static void Read(ReadOnlySpan<byte> pairs, Reader read)
    {
        for (; pairs.Length >= PairBytes; pairs = pairs[PairBytes..])
            if (KeyOf(pairs) is not SiteFollows and var key) read(key, AnswerOf(pairs));
    }

    /// <summary>Leaves out the keys of a site.</summary>
    /// <param name="site">As <see cref="HashOf"/> tells.</param>
    /// <param name="removed">Gets the keys that were left out.</param>
    /// <returns>The other pairs; null where all stay.</returns>
    public static byte[]? Without(ReadOnlySpan<byte> pairs, ulong site, List<ulong> removed)
    {
        var kept = new List<byte>(pairs.Length);
        var (before, leaveOut) = (removed.Count, false);
        for (; pairs.Length >= PairBytes; pairs = pairs[PairBytes..])
        {
            if (KeyOf(pairs) == SiteFollows) leaveOut = AnswerOf(pairs) == site;
            else if (leaveOut) removed.Add(KeyOf(pairs));
            if (!leaveOut) kept.AddRange(pairs[..PairBytes]);
        }
        return removed.Count > before ? [.. kept] : null;
    }

    private static ulong KeyOf(ReadOnlySpan<byte> pair) => BinaryPrimitives.ReadUInt64LittleEndian(pair);

    private static ulong AnswerOf(ReadOnlySpan<byte> pair) => BinaryPrimitives.ReadUInt64LittleEndian(pair[8..]);
}
