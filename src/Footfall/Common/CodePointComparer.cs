namespace Footfall.Common;

/// <summary>The order of texts by their code points, which is that of their UTF-8 bytes: the same as in DuckDB.</summary>
internal static class CodePointComparer
{
    public static readonly Comparer<string> Instance = Comparer<string>.Create(Compare);

    /// <summary>In UTF-16 order, an emoji, which is a surrogate pair (D800 to DFFF), would come before E000 to FFFF.</summary>
    public static int Compare(string x, string y)
    {
        var same = x.AsSpan().CommonPrefixLength(y);
        if (same == x.Length || same == y.Length) return x.Length.CompareTo(y.Length);
        var (a, b) = (x[same], y[same]);
        // A surrogate sorts after any other character.
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
    }
}
