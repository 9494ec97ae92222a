using System.Globalization;
using Footfall.Api.Query;
using Footfall.Common;
using Footfall.History;

namespace Footfall.Api.Export;

/// <summary>The format of an export.</summary>
internal enum ExportFormat
{
    Csv,
    Ndjson,
    Parquet,
}

/// <summary>A parsed export request, before the clock and the history are read.</summary>
/// <param name="Site">Null for a site that never sent a hit.</param>
/// <param name="Dimension">The dimension of rollups, as in queries; null for daily totals.</param>
internal sealed record ExportQuery(string Domain, Site? Site, DateRange Range, ExportFormat Format, ExportKind Kind,
    QueryDimension? Dimension);

/// <summary>Parses the query string.</summary>
internal sealed class ExportParser(QueryParser queries, IHistoryExport history)
{
    private static readonly string[] Keys = ["site_id", "date_range", "format", "what", "dimension"];

    private static readonly Dictionary<string, ExportFormat> Formats = Enum.GetValues<ExportFormat>()
        .ToDictionary(format => format.ToString().ToLowerInvariant());

    private static readonly Dictionary<string, ExportKind> Kinds = Enum.GetValues<ExportKind>()
        .ToDictionary(exportKind => exportKind.ToString().ToLowerInvariant());

    /// <summary>
    /// The media type of a format: RFC 4180 (with its header), the NDJSON specification, and the registration of Parquet at IANA.
    /// </summary>
    public static string MediaType(ExportFormat format) => format switch
    {
        ExportFormat.Csv => "text/csv; charset=utf-8; header=present",
        ExportFormat.Ndjson => "application/x-ndjson",
        _ => "application/vnd.apache.parquet",
    };

    /// <exception cref="InvalidQueryException">The request is invalid.</exception>
    public ExportQuery Parse(HttpRequest request)
    {
        foreach (var (key, values) in request.Query)
        {
            if (!Keys.Contains(key)) throw new InvalidQueryException($"The parameter {InvalidQueryException.Quote(key)} is unknown: the "
                + $"parameters of an export are {string.Join(", ", Keys)}.");
            if (values.Count != 1) throw new InvalidQueryException(
                $"The parameter {key} is given {values.Count.ToString(CultureInfo.InvariantCulture)} times.");
        }
        var domain = queries.ParseDomain(Required(request, "site_id"), out var site);
        var range = DateRangeParser.Parse(Required(request, "date_range"), "date_range");
        var exportKind = FindText(request, "what") is { } named ? ParseOneOf(Kinds, named, "what") : ExportKind.Hits;
        var format = FindText(request, "format") is { } written ? ParseOneOf(Formats, written, "format") : NegotiateFormat(request);
        return new ExportQuery(domain, site, range, format, exportKind, ParseDimension(FindText(request, "dimension"), exportKind));
    }

    private QueryDimension? ParseDimension(string? name, ExportKind exportKind)
    {
        if (name is null) return null;
        if (exportKind != ExportKind.Rollups) throw new InvalidQueryException("The parameter dimension works with what=rollups only.");
        if (DimensionNames.TryParse(name, out var dimension) && dimension.Stored is { } stored && history.HasRollup(stored))
            return dimension;
        var known = DimensionNames.All.Where(each =>
            DimensionNames.TryParse(each, out var candidate) && candidate.Stored is { } kind && history.HasRollup(kind));
        throw new InvalidQueryException($"The dimension {InvalidQueryException.Quote(name)} has no rollups: use one of "
            + $"{string.Join(", ", known)}.");
    }

    /// <summary>The format by <c>Accept</c>: the first supported type; otherwise CSV.</summary>
    private static ExportFormat NegotiateFormat(HttpRequest request)
    {
        foreach (var type in request.GetTypedHeaders().Accept)
            foreach (var format in Formats.Values)
                if (MediaType(format).StartsWith(type.MediaType.ToString(), StringComparison.OrdinalIgnoreCase)) return format;
        return ExportFormat.Csv;
    }

    private static T ParseOneOf<T>(Dictionary<string, T> known, string name, string key) => known.TryGetValue(name, out var value)
        ? value
        : throw new InvalidQueryException($"The {key} {InvalidQueryException.Quote(name)} is unknown: use one of "
            + $"{string.Join(", ", known.Keys)}.");

    private static string? FindText(HttpRequest request, string key) => request.Query[key].ToString() is { Length: > 0 } text ? text : null;

    private static string Required(HttpRequest request, string key) =>
        FindText(request, key) ?? throw new InvalidQueryException(
            $"The parameter {key} is missing: an export needs site_id and date_range, such as ?site_id=shop.example&date_range=30d.");
}
