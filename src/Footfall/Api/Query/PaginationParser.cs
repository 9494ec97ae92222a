using System.Text.Json;

namespace Footfall.Api.Query;

/// <summary>Reads <c>pagination</c>.</summary>
internal static class PaginationParser
{
    /// <param name="limit">The default number of rows.</param>
    public static Pagination Parse(JsonElement? value, int limit)
    {
        if (value is not { } page) return new Pagination(limit, 0);
        QueryJson.CheckKeys(page, "pagination", "limit", "offset");
        return new Pagination(
            QueryJson.Optional(page, "limit") is { } rows ? QueryJson.ReadNumber(rows, "pagination.limit", 1, QueryLimits.Rows) : limit,
            QueryJson.Optional(page, "offset") is { } offset ? QueryJson.ReadNumber(offset, "pagination.offset", 0, QueryLimits.Offset)
                : 0);
    }
}
