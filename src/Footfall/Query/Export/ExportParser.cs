using System.Globalization;
using Footfall.History;
using Footfall.Query.Language;
using Footfall.Words;

namespace Footfall.Query.Export;

/// <summary>How an export is written.</summary>
internal enum ExportFormat
{
    Csv,
    Ndjson,
    Parquet,
}

/// <summary>An export as it was asked for; the clock and the history were not asked yet.</summary>
/// <param name="Site">Null for a site that never sent a hit.</param>
/// <param name="Dimension">Of rollups, as queries name it; null for the totals of days.</param>
internal sealed record ExportQuery(string Domain, Site? Site, DateRange Range, ExportFormat Format, ExportOf Of, QueryDimension? Dimension);

/// <summary>Reads the query of the URL.</summary>
internal sealed class ExportParser(QueryParser queries, IHistoryExport history)
{
    private static readonly string[] Keys = ["site_id", "date_range", "format", "what", "dimension"];

    private static readonly Dictionary<string, ExportFormat> Formats = Enum.GetValues<ExportFormat>().ToDictionary(format => format.ToString().ToLowerInvariant());

    private static readonly Dictionary<string, ExportOf> Whats = Enum.GetValues<ExportOf>().ToDictionary(what => what.ToString().ToLowerInvariant());

    /// <summary>The media type of a format: RFC 4180 (with its header), the NDJSON specification, and the registration of Parquet at IANA.</summary>
    public static string MediaType(ExportFormat format) => format switch
    {
        ExportFormat.Csv => "text/csv; charset=utf-8; header=present",
        ExportFormat.Ndjson => "application/x-ndjson",
        _ => "application/vnd.apache.parquet",
    };

    /// <exception cref="InvalidQueryException">It can't be answered.</exception>
    public ExportQuery Parse(HttpRequest request)
    {
        foreach (var (key, values) in request.Query)
        {
            if (!Keys.Contains(key)) throw new InvalidQueryException($"The parameter {InvalidQueryException.Quote(key)} is not known: the parameters of an export are {string.Join(", ", Keys)}.");
            if (values.Count != 1) throw new InvalidQueryException($"The parameter {key} is given {values.Count.ToString(CultureInfo.InvariantCulture)} times.");
        }
        var domain = queries.Domain(Required(request, "site_id"), out var site);
        var range = DateRangeReader.Read(Required(request, "date_range"), "date_range");
        var what = Text(request, "what") is { } named ? OneOf(Whats, named, "what") : ExportOf.Hits;
        var format = Text(request, "format") is { } written ? OneOf(Formats, written, "format") : Accepted(request);
        return new ExportQuery(domain, site, range, format, what, Dimension(Text(request, "dimension"), what));
    }

    private QueryDimension? Dimension(string? name, ExportOf what)
    {
        if (name is null) return null;
        if (what != ExportOf.Rollups) throw new InvalidQueryException("The parameter dimension is for what=rollups only.");
        if (DimensionNames.TryRead(name, out var dimension) && dimension.Stored is { } stored && history.HasRollup(stored)) return dimension;
        var known = DimensionNames.All.Where(each => DimensionNames.TryRead(each, out var candidate) && candidate.Stored is { } kind && history.HasRollup(kind));
        throw new InvalidQueryException($"The dimension {InvalidQueryException.Quote(name)} has no rollups: those that have are {string.Join(", ", known)}.");
    }

    /// <summary>By <c>Accept</c>: the first type that is one of the formats; CSV otherwise.</summary>
    private static ExportFormat Accepted(HttpRequest request)
    {
        foreach (var type in request.GetTypedHeaders().Accept)
            foreach (var format in Formats.Values)
                if (MediaType(format).StartsWith(type.MediaType.ToString(), StringComparison.OrdinalIgnoreCase)) return format;
        return ExportFormat.Csv;
    }

    private static T OneOf<T>(Dictionary<string, T> known, string name, string key) => known.TryGetValue(name, out var value)
        ? value
        : throw new InvalidQueryException($"The {key} {InvalidQueryException.Quote(name)} is not known: it is one of {string.Join(", ", known.Keys)}.");

    private static string? Text(HttpRequest request, string key) => request.Query[key].ToString() is { Length: > 0 } text ? text : null;

    private static string Required(HttpRequest request, string key) =>
        Text(request, key) ?? throw new InvalidQueryException($"The parameter {key} is missing: an export needs site_id and date_range, such as ?site_id=shop.example&date_range=30d.");
}
