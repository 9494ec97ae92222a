using System.Buffers;
using System.IO.Hashing;
using System.Text;
using Footfall.Common;
using Footfall.Ingest;
using MessagePack;

namespace Footfall.Import.Orders;

/// <summary>
/// Makes hits of an order: a purchase of what was bought, and a refund of what came back. Each is a visit of its own: who bought is not
/// known.
/// </summary>
/// <param name="recent">A purchase after this may have come in by another way within the time for which the journal knows keys: Unix time
/// in milliseconds.</param>
internal sealed class OrderHitFactory(Site site, KeyHasher keys, long recent)
{
    private readonly ArrayBufferWriter<byte> _items = new(1 << 12);

    /// <summary>A hit of an order.</summary>
    /// <param name="Value">What its lines are worth.</param>
    internal readonly record struct OrderPart(bool Cancelled, IReadOnlyList<OrderLine> Lines, decimal Value, decimal Units);

    /// <summary>By which an order is known for good: 128 bits of the site and its number.</summary>
    public Guid GetId(string order)
    {
        var bytes = new byte[site.Utf8.Length + 1 + Encoding.UTF8.GetMaxByteCount(order.Length)];
        site.Utf8.CopyTo(bytes, 0);
        var length = site.Utf8.Length + 1 + Encoding.UTF8.GetBytes(order, bytes.AsSpan(site.Utf8.Length + 1));
        return new Guid(XxHash128.Hash(bytes.AsSpan(0, length)));
    }

    /// <summary>What was bought, and what came back.</summary>
    public static IEnumerable<OrderPart> SplitOrder(ImportedOrder order) =>
        order.Lines.GroupBy(line => line.Cancelled).OrderBy(part => part.Key)
        .Select(part => new OrderPart(part.Key, [.. part],
            decimal.Round(part.Sum(line => line.Price * line.Quantity), HitLimits.DecimalPlaces), part.Sum(line => line.Quantity)));

    /// <param name="details">Where the details are written.</param>
    public Hit Create(ImportedOrder order, in OrderPart part, ArrayBufferWriter<byte> details)
    {
        var before = details.WrittenCount;
        var number = Encoding.UTF8.GetBytes(order.Number);
        var draft = new HitDraft
        {
            TransactionId = number,
            Value = part.Value,
            Currency = Encoding.ASCII.GetBytes(part.Lines[0].Currency),
            Items = EncodeItems(part.Lines),
            ItemsCount = part.Lines.Count
        };
        var kind = part.Cancelled ? HitKind.Refund : HitKind.Purchase;
        var fields = HitDetailsWriter.Write(details, draft, kind, default, default, default, null);
        var time = part.Lines.Min(line => line.Time);
        return new Hit(
            site, time, part.Lines[0].Country, kind, Bot: false, Visitor: 0, Key: 0,
            Transaction: !part.Cancelled && time >= recent ? keys.HashTransaction(site, number) : 0,
            DetailsLength: details.WrittenCount - before, DetailsCount: fields);
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
