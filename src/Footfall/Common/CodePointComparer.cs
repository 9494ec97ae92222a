namespace Footfall.Common;

/// <summary>The order of texts by their code points, which is that of their UTF-8 bytes: the same as in DuckDB.</summary>
internal static class CodePointComparer
{
    public static readonly Comparer<string> Instance = Comparer<string>.Create(Compare);

    /// <summary>
    /// By UTF-16 an emoji, which is a pair of surrogates there (D800 to DFFF), would come before what is from E000 to FFFF.
    /// </summary>
    public static int Compare(string x, string y)
    {
        var same = x.AsSpan().CommonPrefixLength(y);
        if (same == x.Length || same == y.Length) return x.Length.CompareTo(y.Length);
        var (a, b) = (x[same], y[same]);
        // A surrogate is more than any other character: more than those below it anyway.
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
    }
}
