using System.Collections.Concurrent;
using System.Globalization;
using Footfall.Common;

namespace Footfall.Enrich;

/// <summary>The preferred language of a browser.</summary>
internal static class AcceptLanguageParser
{
    /// <summary>The maximum length of a tag, in characters (RFC 5646, 4.4.1).</summary>
    private const int MaxTagLength = 35;

    /// <summary>Real browsers send a few hundred; beyond these, each request allocates.</summary>
    private const int MaxCached = 4_096;

    private static readonly ConcurrentDictionary<string, EncodedFields> Encoded = new();
    private static readonly ConcurrentDictionary<string,
        EncodedFields>.AlternateLookup<ReadOnlySpan<char>> Known = Encoded.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>
    /// The hit field from <c>Accept-Language</c> (RFC 9110, 12.5.4): language and region of the tag with the highest weight, such as
    /// <c>de-AT</c>.
    /// </summary>
    public static EncodedFields Parse(string acceptLanguage)
    {
        Span<char> buffer = stackalloc char[MaxTagLength];
        var tag = Normalize(FindPreferred(acceptLanguage), buffer);
        if (tag.IsEmpty) return EncodedFields.None;
        if (Known.TryGetValue(tag, out var known)) return known;
        var fields = EncodedFields.Encode((DetailField.Language, tag.ToString()));
        if (Encoded.Count < MaxCached) Encoded.TryAdd(tag.ToString(), fields);
        return fields;
    }

    private static ReadOnlySpan<char> FindPreferred(ReadOnlySpan<char> header)
    {
        ReadOnlySpan<char> best = default;
        var most = 0.0;
        foreach (var range in header.Split(','))
        {
            var entry = header[range].Trim();
            var semicolon = entry.IndexOf(';');
            var tag = semicolon < 0 ? entry : entry[..semicolon].TrimEnd();
            var weight = semicolon < 0 ? 1 : ParseWeight(entry[(semicolon + 1)..]);
            if (weight <= most || !IsLanguageTag(tag)) continue;
            best = tag;
            most = weight;
        }
        return best;
    }

    private static double ParseWeight(ReadOnlySpan<char> parameter)
    {
        parameter = parameter.Trim();
        return parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
            && double.TryParse(parameter[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight) && weight <= 1
                ? weight : 0;
    }

    /// <summary>Must start with letters: a star is not a language.</summary>
    private static bool IsLanguageTag(ReadOnlySpan<char> tag)
    {
        if (tag.Length is < 2 or > MaxTagLength || !char.IsAsciiLetter(tag[0]) || !char.IsAsciiLetter(tag[1])) return false;
        foreach (var letter in tag)
            if (letter != '-' && !char.IsAsciiLetterOrDigit(letter)) return false;
        return true;
    }

    /// <summary>The language in lower case and the region in upper case (RFC 5646, 2.1.1); script and variants are left out.</summary>
    private static ReadOnlySpan<char> Normalize(ReadOnlySpan<char> tag, Span<char> buffer)
    {
        var length = 0;
        foreach (var range in tag.Split('-'))
        {
            var part = tag[range];
            if (length == 0)
            {
                if (part.Length > 8) return default;
                length = part.ToLowerInvariant(buffer);
                continue;
            }
            // A single letter starts an extension: nothing after it is a region.
            if (part.Length <= 1) break;
            if (part.Length > 3 || part.Length == 3 && !char.IsAsciiDigit(part[0])) continue;
            if (part.Length == 2 && !(char.IsAsciiLetter(part[0]) && char.IsAsciiLetter(part[1]))) continue;
            buffer[length++] = '-';
            length += part.ToUpperInvariant(buffer[length..]);
            break;
        }
        return buffer[..length];
    }
}
