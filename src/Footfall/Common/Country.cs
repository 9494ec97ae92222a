using System.Text;

namespace Footfall.Common;

/// <summary>
/// A country as ISO 3166-1 alpha-2 names it, or <see cref="Unknown"/> (<c>ZZ</c>, user-assigned in the standard). Stored as the index of
/// its two letters among all pairs of letters, so that counters are plain arrays.
/// </summary>
internal readonly record struct Country(ushort Index)
{
    /// <summary>The number of pairs of letters: the length of an array indexed by country.</summary>
    public const int Count = 26 * 26;

    public static readonly Country Unknown = FromLetters('Z', 'Z');

    private static readonly bool[] Assigned = ReadAssigned();
    private static readonly string[] UpperCodes =
        [.. Enumerable.Range(0, Count).Select(i => new string([(char)('A' + i / 26), (char)('A' + i % 26)]))];
    private static readonly byte[] Utf8Codes = Encoding.ASCII.GetBytes(string.Concat(UpperCodes));
    private static readonly string[] LowerCodes = [.. UpperCodes.Select(code => code.ToLowerInvariant())];

    /// <summary>All assigned codes, in alphabetical order, without <see cref="Unknown"/>.</summary>
    public static IEnumerable<Country> All => Enumerable.Range(0, Count).Where(i => Assigned[i]).Select(i => new Country((ushort)i));

    /// <summary>Upper case, as stored: <c>US</c>.</summary>
    public string Code => UpperCodes[Index];

    /// <summary>Lower case, as the stats API writes it: <c>us</c>.</summary>
    public string LowerCode => LowerCodes[Index];

    /// <summary>Upper case, two bytes.</summary>
    public ReadOnlySpan<byte> Utf8 => Utf8Codes.AsSpan(Index * 2, 2);

    public override string ToString() => Code;

    /// <summary>
    /// Reads a code in either case. <c>UK</c> is read as <c>GB</c> (exceptionally reserved in ISO 3166-1 for the same country).
    /// </summary>
    /// <returns><see cref="RejectReason.None"/>, or why it is invalid.</returns>
    public static RejectReason Parse(ReadOnlySpan<char> code, out Country country)
    {
        country = Unknown;
        if (code.IsEmpty) return RejectReason.MissingCountryCode;
        if (code.Length != 2 || !char.IsAsciiLetter(code[0]) || !char.IsAsciiLetter(code[1])) return RejectReason.InvalidCountryCodeFormat;
        var read = FromLetters((char)(code[0] & ~0x20), (char)(code[1] & ~0x20));
        if (read == UnitedKingdomAlias) read = UnitedKingdom;
        if (!Assigned[read.Index]) return RejectReason.UnknownCountryCode;
        country = read;
        return RejectReason.None;
    }

    /// <summary>The country of a stored code, which was valid when it was written: <c>ZZ</c> included.</summary>
    public static Country FromStored(ReadOnlySpan<char> code) => FromLetters(code[0], code[1]);

    private static readonly Country UnitedKingdom = FromLetters('G', 'B');
    private static readonly Country UnitedKingdomAlias = FromLetters('U', 'K');

    private static Country FromLetters(char first, char second) => new((ushort)((first - 'A') * 26 + (second - 'A')));

    private static bool[] ReadAssigned()
    {
        var assigned = new bool[Count];
        foreach (var line in EmbeddedResources.ReadLines("countries.txt"))
            if (line is [>= 'A' and <= 'Z', >= 'A' and <= 'Z']) assigned[FromLetters(line[0], line[1]).Index] = true;
        return assigned;
    }
}
