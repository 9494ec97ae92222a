using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Footfall.Tests;

/// <summary>The hashes by which keys were known before installations had secrets.</summary>
internal static class OldHash
{
    public static ulong OfHeader(string site, string key) => Of(site, key, 1);

    public static ulong OfEvent(string site, string key) => Of(site, key, 2);

    public static ulong OfTransaction(string site, string key) => Of(site, key, 3);

    /// <summary>In the history, and so in exports.</summary>
    public static string OfExport(string transaction) =>
        XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(transaction)).ToString("x16", CultureInfo.InvariantCulture);

    private static ulong Of(string site, string key, long kind) =>
        XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(key), (long)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(site), kind));
}
