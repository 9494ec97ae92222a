using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Footfall.Common;
using Microsoft.Extensions.Options;

namespace Footfall.Api.Query;

/// <summary>
/// Filters stored in the settings under a number (https://plausible.io/docs/stats-api#segments). In a query, a segment is replaced by its
/// filters.
/// </summary>
internal sealed class Segments
{
    /// <summary>The most segments in one query: each is copied into it.</summary>
    private const int MaxInQuery = 10;

    private readonly SortedDictionary<int, JsonElement> _filters = [];

    /// <exception cref="StartupException">One can't be read.</exception>
    public Segments(IOptions<FootfallOptions> options)
    {
        foreach (var segment in options.Value.Segments)
        {
            if (!int.TryParse(segment.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id == 0)
                throw new StartupException("A segment of the setting Footfall:Segments has no Id: each needs a whole number and its "
                    + "Filters.");
            if (!_filters.TryAdd(id, Parse(id, segment.Filters)))
                throw new StartupException($"The setting Footfall:Segments has two segments with the Id {id}.");
        }
    }

    /// <summary>Replaces the segments in a query's filters with their filters.</summary>
    /// <exception cref="InvalidQueryException">A segment is unknown.</exception>
    public JsonElement Expand(JsonElement filters)
    {
        if (filters.ValueKind != JsonValueKind.Array || !filters.GetRawText().Contains("segment", StringComparison.Ordinal)) return filters;
        var expanded = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(expanded);
        var remaining = MaxInQuery;
        json.WriteStartArray();
        foreach (var filter in filters.EnumerateArray())
            // At the top level, where all must hold, a segment's filters are added to the others.
            if (IsSegment(filter) && filter[2].GetArrayLength() == 1)
                foreach (var inner in Find(filter[2][0], ref remaining).EnumerateArray()) inner.WriteTo(json);
            else Write(json, filter, ref remaining);
        json.WriteEndArray();
        json.Flush();
        return JsonElement.Parse(expanded.WrittenSpan, new JsonDocumentOptions { MaxDepth = QueryLimits.JsonDepth * 2 });
    }

    private void Write(Utf8JsonWriter json, JsonElement filter, ref int remaining)
    {
        if (IsSegment(filter))
        {
            json.WriteStartArray();
            json.WriteStringValue("or");
            json.WriteStartArray();
            foreach (var id in filter[2].EnumerateArray())
            {
                json.WriteStartArray();
                json.WriteStringValue("and");
                Find(id, ref remaining).WriteTo(json);
                json.WriteEndArray();
            }
            json.WriteEndArray();
            json.WriteEndArray();
        }
        else if (filter.ValueKind == JsonValueKind.Array)
        {
            json.WriteStartArray();
            foreach (var inner in filter.EnumerateArray()) Write(json, inner, ref remaining);
            json.WriteEndArray();
        }
        else
        {
            filter.WriteTo(json);
        }
    }

    private JsonElement Find(JsonElement id, ref int remaining)
    {
        if (--remaining < 0) throw new InvalidQueryException($"A query may use at most {MaxInQuery} segments.");
        if (id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out var number) && _filters.TryGetValue(number, out var filters))
            return filters;
        var known = _filters.Count > 0 ? $"the setting Footfall:Segments has {string.Join(", ", _filters.Keys)}"
            : "the setting Footfall:Segments has none";
        throw new InvalidQueryException($"The segment {InvalidQueryException.Quote(id.GetRawText())} of a filter is unknown: {known}.");
    }

    private static bool IsSegment(JsonElement filter) =>
        filter.ValueKind == JsonValueKind.Array && filter.GetArrayLength() == 3 && IsText(filter[0], "is") && IsText(filter[1], "segment")
        && filter[2].ValueKind == JsonValueKind.Array && filter[2].GetArrayLength() > 0;

    private static bool IsText(JsonElement value, string text) => value.ValueKind == JsonValueKind.String && value.ValueEquals(text);

    private static JsonElement Parse(int id, string text)
    {
        try
        {
            var filters = JsonElement.Parse(text, new JsonDocumentOptions { MaxDepth = QueryLimits.JsonDepth });
            new FilterParser().ParseAll(filters);
            if (filters.GetArrayLength() > 0) return filters;
        }
        catch (Exception error) when (error is JsonException or InvalidQueryException)
        {
            throw new StartupException($"The Filters of the segment {id} of the setting Footfall:Segments can't be read. {error.Message}",
                error);
        }
        throw new StartupException($"The Filters of the segment {id} of the setting Footfall:Segments are empty.");
    }
}
