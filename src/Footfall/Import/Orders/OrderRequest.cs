using System.Text.Json.Serialization;

namespace Footfall.Import.Orders;

/// <summary>The request of an order import.</summary>
internal sealed record OrderRequest
{
    /// <summary>The domain; empty for the default.</summary>
    public string Site { get; init; } = "";

    /// <summary>The names of columns that were given; others are looked for under their usual names (<see cref="OrderColumns"/>).</summary>
    public IReadOnlyDictionary<OrderColumn, string> Columns { get; init; } = new Dictionary<OrderColumn, string>();

    /// <summary>Of lines that name none: ISO 4217; null for the currency of the site.</summary>
    public string? Currency { get; init; }

    /// <summary>
    /// A format of .NET (https://learn.microsoft.com/dotnet/standard/base-types/custom-date-and-time-format-strings); null for ISO 8601.
    /// </summary>
    public string? TimeFormat { get; init; }

    /// <summary>The zone of times that name none, by its IANA name; null for that of the site.</summary>
    public string? TimeZone { get; init; }

    /// <summary>What the number of a cancelled order begins with; null if only the quantity marks a cancellation.</summary>
    public string? CancelledPrefix { get; init; }

    /// <summary>What divides the cells.</summary>
    public char Delimiter { get; init; } = ',';

    /// <summary>Whether numbers are written 1.234,50.</summary>
    public bool DecimalComma { get; init; }

    /// <summary>Whether the file is in Latin-1 (ISO 8859-1); otherwise in UTF-8.</summary>
    public bool Latin1 { get; init; }

    /// <summary>Codes of country names that are not English, by name.</summary>
    public IReadOnlyDictionary<string, string> Countries { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the file is only read, and nothing counted.</summary>
    public bool DryRun { get; init; }
}

/// <summary>The meaning of a column.</summary>
internal enum OrderColumn
{
    Order,
    Item,
    ItemName,
    Quantity,
    Price,
    Time,
    Currency,
    Country,
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(OrderRequest))]
[JsonSerializable(typeof(OrderSummary))]
internal sealed partial class OrderJson : JsonSerializerContext;
