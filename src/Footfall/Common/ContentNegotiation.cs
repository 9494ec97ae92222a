using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Footfall.Common;

/// <summary>What a client has, and what it takes (RFC 9110, 12.5.3 and 13.1.2).</summary>
internal static class ContentNegotiation
{
    /// <summary>The encoding that the client wants most.</summary>
    /// <param name="accepted"><c>Accept-Encoding</c>.</param>
    /// <param name="available">The tokens that there are, the best first.</param>
    /// <returns>Null for none.</returns>
    public static string? SelectEncoding(StringValues accepted, params ReadOnlySpan<string> available)
    {
        if (accepted.Count == 0 || !StringWithQualityHeaderValue.TryParseList(accepted.ToArray()!, out var values)) return null;
        var (best, most) = ((string?)null, 0.0);
        foreach (var encoding in available)
            if (GetQuality(values, encoding) is var quality && quality > most) (best, most) = (encoding, quality);
        return best;
    }

    /// <summary>Whether the client has what a tag stands for. Tags are compared without regard to weakness.</summary>
    /// <param name="given"><c>If-None-Match</c>.</param>
    public static bool MatchesETag(StringValues given, string tag)
    {
        foreach (var list in given)
            foreach (var range in (list ?? "").AsSpan().Split(','))
                if (list.AsSpan()[range].Trim() is var one && (one is "*" || StripWeak(one).SequenceEqual(StripWeak(tag)))) return true;
        return false;
    }

    private static ReadOnlySpan<char> StripWeak(ReadOnlySpan<char> tag) => tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;

    /// <summary>How much an encoding is wanted, 0 to 1; the star stands for those that are not named.</summary>
    private static double GetQuality(IList<StringWithQualityHeaderValue> accepted, string encoding) =>
        (accepted.FirstOrDefault(value => value.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase))
        ?? accepted.FirstOrDefault(value => value.Value == "*")) is { } wanted ? wanted.Quality ?? 1 : 0;
}
