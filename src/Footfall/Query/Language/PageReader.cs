using System.Text.Json;

namespace Footfall.Query.Language;

/// <summary>Reads <c>pagination</c>.</summary>
internal static class PageReader
{
    /// <param name="limit">The rows where no number is asked for.</param>
    public static Page Read(JsonElement? value, int limit)
    {
        if (value is not { } page) return new Page(limit, 0);
        Json.Check(page, "pagination", "limit", "offset");
        return new Page(
            Json.Optional(page, "limit") is { } rows ? Json.Number(rows, "pagination.limit", 1, QueryLimits.Rows) : limit,
            Json.Optional(page, "offset") is { } offset ? Json.Number(offset, "pagination.offset", 0, QueryLimits.Offset) : 0);
    }
}
