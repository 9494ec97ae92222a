using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Footfall.Tests.Keys;

/// <summary>The hashes by which keys were known before installations had secrets.</summary>
internal static class UnkeyedHash
{
    public static ulong HashHeader(string site, string key) => Hash(site, key, 1);

    public static ulong HashEventId(string site, string key) => Hash(site, key, 2);

    public static ulong HashTransaction(string site, string key) => Hash(site, key, 3);

    /// <summary>In the history, and so in exports.</summary>
    public static string HashForExport(string transaction) =>
        XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(transaction)).ToString("x16", CultureInfo.InvariantCulture);

    private static ulong Hash(string site, string key, long kind) =>
        XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(key), (long)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(site), kind));
}
