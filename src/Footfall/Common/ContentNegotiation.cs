using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Footfall.Common;

/// <summary>What a client has cached, and what it accepts (RFC 9110, 12.5.3 and 13.1.2).</summary>
internal static class ContentNegotiation
{
    /// <summary>The encoding that the client prefers.</summary>
    /// <param name="accepted"><c>Accept-Encoding</c>.</param>
    /// <param name="available">The available tokens, the best first.</param>
    /// <returns>Null for none.</returns>
    public static string? SelectEncoding(StringValues accepted, params ReadOnlySpan<string> available)
    {
        if (accepted.Count == 0 || !StringWithQualityHeaderValue.TryParseList(accepted.ToArray()!, out var values)) return null;
        var (best, most) = ((string?)null, 0.0);
        foreach (var encoding in available)
            if (GetQuality(values, encoding) is var quality && quality > most) (best, most) = (encoding, quality);
        return best;
    }

    /// <summary>Whether the client has the version with this tag. The comparison is weak.</summary>
    /// <param name="given"><c>If-None-Match</c>.</param>
    public static bool MatchesETag(StringValues given, string tag)
    {
        foreach (var list in given)
            foreach (var range in (list ?? "").AsSpan().Split(','))
                if (list.AsSpan()[range].Trim() is var one && (one is "*" || StripWeak(one).SequenceEqual(StripWeak(tag)))) return true;
        return false;
    }

    private static ReadOnlySpan<char> StripWeak(ReadOnlySpan<char> tag) => tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;

    /// <summary>The weight of an encoding, 0 to 1; the star matches all that are not named.</summary>
    private static double GetQuality(IList<StringWithQualityHeaderValue> accepted, string encoding) =>
        (accepted.FirstOrDefault(value => value.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase))
        ?? accepted.FirstOrDefault(value => value.Value == "*")) is { } wanted ? wanted.Quality ?? 1 : 0;
}
