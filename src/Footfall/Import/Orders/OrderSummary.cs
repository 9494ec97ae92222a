
namespace Footfall.Import.Orders;

/// <summary>What one import of orders did: each number counts what is durable.</summary>
internal sealed record OrderSummary
{
    /// <summary>How many rejected lines, and orders with such lines, are listed.</summary>
    public const int MaxListed = 10;

    /// <summary>How many country names are listed; further ones are combined into one.</summary>
    public const int MaxUnmappedNames = 1_000;

    public const string OtherNamesLabel = "(other names)";

    public ImportStatus Status { get; init; }

    /// <summary>Lines that were read, without the header: blank, rejected, of known and of old orders, and counted.</summary>
    public long Lines { get; init; }

    public long Blank { get; init; }

    /// <summary>Rejected lines, by reason.</summary>
    public IReadOnlyDictionary<OrderLineError, long> Refused { get; init; } = new Dictionary<OrderLineError, long>();

    /// <summary>Some of them.</summary>
    public IReadOnlyList<MalformedLine> FirstRefused { get; init; } = [];

    /// <summary>Orders that were not counted because one of their lines was rejected.</summary>
    public long HeldBack { get; init; }

    /// <summary>The numbers of some of them.</summary>
    public IReadOnlyList<string> FirstHeldBack { get; init; } = [];

    /// <summary>Orders that were counted before a further line of them followed; that line is rejected.</summary>
    public long InPart { get; init; }

    /// <inheritdoc cref="FirstHeldBack"/>
    public IReadOnlyList<string> FirstInPart { get; init; } = [];

    /// <summary>Orders that were imported before.</summary>
    public long KnownOrders { get; init; }

    public long KnownLines { get; init; }

    /// <summary>Orders that are older than anything the history keeps: not counted, and not recorded as imported.</summary>
    public long OldOrders { get; init; }

    public long OldLines { get; init; }

    /// <summary>The start of what the history keeps, in Unix milliseconds; null for no limit.</summary>
    public long? Oldest { get; init; }

    /// <summary>How long it keeps anything, in days; 0 keeps it forever.</summary>
    public int KeptDays { get; init; }

    public long Purchases { get; init; }

    public long Refunds { get; init; }

    /// <summary>Purchases that the shop sent itself within the last day: not counted again.</summary>
    public long Duplicates { get; init; }

    /// <summary>Units bought.</summary>
    public decimal Units { get; init; }

    /// <summary>What was bought and refunded, by currency (ISO 4217).</summary>
    public IReadOnlyDictionary<string, OrderMoney> Money { get; init; } = new Dictionary<string, OrderMoney>();

    /// <summary>Purchases and refunds by country code, upper case, most first.</summary>
    public IReadOnlyDictionary<string, long> Countries { get; init; } = new Dictionary<string, long>();

    /// <summary>Purchases and refunds whose country name is unknown, by that name, most first: counted under <c>ZZ</c>.</summary>
    public IReadOnlyDictionary<string, long> Unmapped { get; init; } = new Dictionary<string, long>();

    /// <summary>The time of the earliest purchase or refund; null for none.</summary>
    public DateTimeOffset? First { get; init; }

    public DateTimeOffset? Last { get; init; }

    /// <summary>Of lines that name none: ISO 4217.</summary>
    public string Currency { get; init; } = "";

    /// <summary>A column that seems to have the currency, and is not used; null for none.</summary>
    public string? UnusedCurrency { get; init; }
}

/// <summary>Amounts in one currency.</summary>
internal readonly record struct OrderMoney(decimal Revenue, decimal Refunded);
