using System.Text.Json.Serialization;

namespace Footfall.Import.AccessLog;

/// <summary>What one import did: each number counts what is durable. Lines add up to blank, malformed, left out and pages.</summary>
internal sealed record ImportSummary
{
    /// <summary>How many malformed lines are named.</summary>
    public const int MaxListed = 10;

    public ImportStatus Status { get; init; }

    /// <summary>Lines that earlier imports have read.</summary>
    public long KnownLines { get; init; }

    /// <summary>Lines that this import has read.</summary>
    public long Lines { get; init; }

    public long Blank { get; init; }

    public long Malformed { get; init; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<MalformedLine> FirstMalformed { get; init; } = [];

    /// <summary>Well-formed lines that are no page views, by reason.</summary>
    public IReadOnlyDictionary<SkipReason, long> LeftOut { get; init; } = new Dictionary<SkipReason, long>();

    /// <summary>Page views, including those of bots.</summary>
    public long Pages { get; init; }

    /// <summary>Page views of bots: stored, but not counted as visits.</summary>
    public long Bots { get; init; }

    public long Visits { get; init; }

    /// <summary>Visits by country code, lower case, most first.</summary>
    public IReadOnlyDictionary<string, long> VisitsByCountry { get; init; } = new Dictionary<string, long>();

    /// <summary>The time of the earliest page view; null for none.</summary>
    public DateTimeOffset? First { get; init; }

    /// <summary>The time of the latest page view; null for none.</summary>
    public DateTimeOffset? Last { get; init; }

    /// <summary>Whether the last line has no line end and can't be read: it is left for the next import.</summary>
    public bool Unfinished { get; init; }
}

/// <summary>The request of an import.</summary>
/// <param name="Site">The domain; empty for the default.</param>
/// <param name="From">The bytes that are already imported, according to <see cref="ImportState"/>; 0 for none.</param>
/// <param name="State">The <see cref="ImportState.Token"/> on which <c>From</c> is based.</param>
/// <param name="IncludeAssets">Whether static files count as pages.</param>
internal sealed record AccessLogRequest(string Site, long From, string State, bool IncludeAssets);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ImportSummary))]
[JsonSerializable(typeof(ImportState))]
internal sealed partial class ImportJson : JsonSerializerContext;
