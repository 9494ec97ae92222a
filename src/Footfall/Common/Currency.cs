namespace Footfall.Common;

/// <summary>The codes of ISO 4217.</summary>
internal static class Currency
{
    private static readonly bool[] Assigned = ReadAssigned();

    /// <summary>Whether three bytes are a code, in upper or lower case.</summary>
    public static bool IsKnown(ReadOnlySpan<byte> code) =>
        code.Length == 3 && char.IsAsciiLetter((char)code[0]) && char.IsAsciiLetter((char)code[1]) && char.IsAsciiLetter((char)code[2])
        && Assigned[Index(code)];

    private static int Index(ReadOnlySpan<byte> code) => ((code[0] & 31) * 32 + (code[1] & 31)) * 32 + (code[2] & 31);

    private static bool[] ReadAssigned()
    {
        var assigned = new bool[32 * 32 * 32];
        foreach (var line in EmbeddedResources.ReadLines("currencies.txt"))
            if (line.Length == 3) assigned[Index([(byte)line[0], (byte)line[1], (byte)line[2]])] = true;
        return assigned;
    }
}
