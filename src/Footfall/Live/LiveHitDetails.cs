using System.Buffers;
using System.Globalization;
using System.Text;
using Footfall.Common;
using MessagePack;

namespace Footfall.Live;

/// <summary>The details of a hit that the live state shows.</summary>
/// <param name="Name">The name of a custom event.</param>
/// <param name="Value">As sent.</param>
/// <param name="ItemsValue">Prices times quantities; null if no product has a price.</param>
internal readonly record struct LiveHitDetails(string? Name, string? Page, string? Item, decimal? Value, decimal? ItemsValue,
    string? Currency)
{
    /// <summary>Longer texts are cut.</summary>
    public const int MaxTextLength = 120;

    /// <param name="bytes">Pairs of <see cref="DetailField"/> and value, in the journal's format.</param>
    /// <param name="count">The number of pairs.</param>
    public static LiveHitDetails Read(ReadOnlySpan<byte> bytes, int count)
    {
        if (count == 0) return default;
        // The reader takes no span; few hits a second come here.
        var reader = new MessagePackReader(bytes.ToArray());
        var details = default(LiveHitDetails);
        for (; count > 0; count--)
        {
            switch ((DetailField)reader.ReadInt32())
            {
                case DetailField.Path: details = details with { Page = Truncate(reader.ReadString()) }; break;
                case DetailField.Name: details = details with { Name = Truncate(reader.ReadString()) }; break;
                case DetailField.Value: details = details with { Value = ReadDecimal(ref reader) }; break;
                case DetailField.Currency: details = details with { Currency = reader.ReadString() }; break;
                case DetailField.Items: details = ReadItems(ref reader, details); break;
                default: reader.Skip(); break;
            }
        }
        return details;
    }

    private static LiveHitDetails ReadItems(ref MessagePackReader reader, LiveHitDetails details)
    {
        decimal? sum = null;
        string? first = null;
        for (var itemsLeft = reader.ReadArrayHeader(); itemsLeft > 0; itemsLeft--)
        {
            var (price, quantity) = ((decimal?)null, 1m);
            string? id = null, name = null;
            for (var fields = reader.ReadMapHeader(); fields > 0; fields--)
            {
                switch ((ItemField)reader.ReadInt32())
                {
                    case ItemField.Id: id = reader.ReadString(); break;
                    case ItemField.Name: name = reader.ReadString(); break;
                    case ItemField.Price: price = ReadDecimal(ref reader); break;
                    case ItemField.Quantity: quantity = ReadDecimal(ref reader) ?? 1; break;
                    default: reader.Skip(); break;
                }
            }
            first ??= name ?? id;
            // Each is at most 10^12, so that the 10,000 products of an imported order fit a decimal.
            if (price is { } unitPrice) sum = (sum ?? 0) + unitPrice * quantity;
        }
        return details with { Item = Truncate(first), ItemsValue = sum is { } all ? Math.Min(all, Decimals.MaxAmount) : null };
    }

    private static decimal? ReadDecimal(ref MessagePackReader reader) =>
        decimal.TryParse(reader.ReadString(), NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Truncate(string? text)
    {
        if (text is null || text.Length <= MaxTextLength) return text;
        // Does not split a surrogate pair.
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[MaxTextLength - 1]) ? MaxTextLength - 1 : MaxTextLength), "…");
    }
}
