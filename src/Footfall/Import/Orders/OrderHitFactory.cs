using System.Buffers;
using System.IO.Hashing;
using System.Text;
using Footfall.Common;
using Footfall.Ingest;
using MessagePack;

namespace Footfall.Import.Orders;

/// <summary>
/// Makes hits of an order: a purchase of what was bought, and a refund of what was returned. Each is a separate visit: the visitor is not
/// known.
/// </summary>
internal sealed class OrderHitFactory(Site site, HitAcceptor acceptor)
{
    private readonly ArrayBufferWriter<byte> _items = new(1 << 12);

    /// <summary>A hit of an order.</summary>
    /// <param name="Value">The total of its lines.</param>
    internal readonly record struct OrderPart(bool Cancelled, IReadOnlyList<OrderLine> Lines, decimal Value, decimal Units);

    /// <summary>The permanent id of an order: a 128-bit hash of the site and the order number.</summary>
    public Guid GetId(string order)
    {
        var bytes = new byte[site.Utf8.Length + 1 + Encoding.UTF8.GetMaxByteCount(order.Length)];
        site.Utf8.CopyTo(bytes, 0);
        var length = site.Utf8.Length + 1 + Encoding.UTF8.GetBytes(order, bytes.AsSpan(site.Utf8.Length + 1));
        return new Guid(XxHash128.Hash(bytes.AsSpan(0, length)));
    }

    /// <summary>What was bought, and what was returned.</summary>
    public static IEnumerable<OrderPart> SplitOrder(ImportedOrder order) =>
        order.Lines.GroupBy(line => line.Cancelled).OrderBy(part => part.Key)
        .Select(part => new OrderPart(part.Key, [.. part],
            decimal.Round(part.Sum(line => line.Price * line.Quantity), HitLimits.DecimalPlaces), part.Sum(line => line.Quantity)));

    /// <param name="details">Where the details are written.</param>
    public Hit Create(ImportedOrder order, in OrderPart part, ArrayBufferWriter<byte> details)
    {
        var country = part.Lines[0].Country;
        var draft = new HitDraft
        {
            Name = part.Cancelled ? "refund"u8 : "purchase"u8,
            TransactionId = Encoding.UTF8.GetBytes(order.Number),
            Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(part.Lines.Min(line => line.Time)),
            Country = country == Country.Unknown ? default : country.Utf8,
            Value = part.Value,
            Currency = Encoding.ASCII.GetBytes(part.Lines[0].Currency),
            Items = EncodeItems(part.Lines),
            ItemsCount = part.Lines.Count,
        };
        var rejection = acceptor.Accept(draft, details, out var hit);
        // Each cell was checked when its line was read.
        return rejection == FieldRejection.None ? hit
            : throw new ImportException($"Order {order.Number} is not a hit: {rejection.Reason}.");
    }

    private ReadOnlySpan<byte> EncodeItems(IReadOnlyList<OrderLine> lines)
    {
        _items.ResetWrittenCount();
        var writer = new MessagePackWriter(_items);
        foreach (var line in lines)
            ItemsParser.WriteItem(ref writer, Encoding.UTF8.GetBytes(line.Item), Encoding.UTF8.GetBytes(line.ItemName), default, default,
                default, line.Price, line.Quantity);
        writer.Flush();
        return _items.WrittenSpan;
    }
}
