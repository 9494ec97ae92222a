using System.Text.Json;

namespace Footfall.Api.Query;

/// <summary>Reads JSON values; the error for a wrong value names its key and what it should be.</summary>
internal static class QueryJson
{
    /// <summary>Null if the key is missing or null.</summary>
    public static JsonElement? Optional(JsonElement parent, string key) =>
        parent.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string ReadText(JsonElement value, string key) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new InvalidQueryException($"The {key} must be a string.");

    public static bool ReadFlag(JsonElement value, string key) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new InvalidQueryException($"The {key} must be true or false."),
    };

    public static int ReadNumber(JsonElement value, string key, int min, int max) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= min && number <= max
            ? number
            : throw new InvalidQueryException(FormattableString.Invariant($"The {key} must be a whole number from {min:N0} to {max:N0}."));

    /// <summary>The texts of a list.</summary>
    public static IEnumerable<string> ReadTexts(JsonElement value, string key)
    {
        if (value.ValueKind != JsonValueKind.Array) throw new InvalidQueryException($"The {key} must be a list.");
        return value.EnumerateArray().Select(element => ReadText(element, $"entry of {key}"));
    }

    /// <summary>Rejects unknown keys.</summary>
    public static void CheckKeys(JsonElement value, string key, params ReadOnlySpan<string> known)
    {
        if (value.ValueKind != JsonValueKind.Object) throw new InvalidQueryException($"The {key} must be an object.");
        foreach (var property in value.EnumerateObject())
            if (!known.Contains(property.Name))
                throw new InvalidQueryException($"The key {InvalidQueryException.Quote(property.Name)} of {key} is unknown: use one of "
                    + $"{string.Join(", ", known!)}.");
    }
}
