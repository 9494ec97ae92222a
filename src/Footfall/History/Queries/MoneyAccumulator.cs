using Footfall.Common;

namespace Footfall.History.Queries;

/// <summary>Sums the amounts of one group.</summary>
internal sealed class MoneyAccumulator(ExchangeRates rates, string currency, Func<int, string> name)
{
    // Nearly all groups have one currency, and there may be a group for each country and day: the first currency needs no list.
    private (string Currency, decimal Revenue, decimal Refunded, long Count) _first;
    private List<(string Currency, decimal Revenue, decimal Refunded, long Count)>? _others;
    private decimal? _revenue = 0m, _refunded = 0m;
    private bool _converted;

    /// <summary>The number of orders, or of hits with amounts.</summary>
    public long Count { get; private set; }

    /// <summary>The units sold.</summary>
    public decimal Units { get; private set; }

    /// <summary>Whether there is no value.</summary>
    public bool IsZero =>
        _first is { Revenue: 0, Refunded: 0 } && (_others is null || _others.TrueForAll(amount => amount is { Revenue: 0, Refunded: 0 }));

    public void Add(MoneyRow row)
    {
        // Amounts sent without a currency are in the site's currency.
        var sentCurrency = row.Currency == 0 ? currency : name(row.Currency);
        if (_first.Currency is null || _first.Currency == sentCurrency)
            _first = (sentCurrency, _first.Revenue + row.Revenue, _first.Refunded + row.Refunded, _first.Count + row.Count);
        else AddOther(sentCurrency, row);
        Units += row.Units;
        Count += row.Count;
        _converted |= sentCurrency != currency;
        _revenue = row.Revenue == 0 ? _revenue : _revenue + rates.Convert(row.Revenue, sentCurrency, currency, row.Day);
        _refunded = row.Refunded == 0 ? _refunded : _refunded + rates.Convert(row.Refunded, sentCurrency, currency, row.Day);
    }

    private void AddOther(string sentCurrency, MoneyRow row)
    {
        _others ??= [];
        var index = _others.FindIndex(each => each.Currency == sentCurrency);
        if (index < 0) _others.Add((sentCurrency, row.Revenue, row.Refunded, row.Count));
        else _others[index] =
            (sentCurrency, _others[index].Revenue + row.Revenue, _others[index].Refunded + row.Refunded, _others[index].Count + row.Count);
    }

    /// <summary>Resets for another group.</summary>
    public void Clear()
    {
        (_first, _revenue, _refunded, _converted, Count, Units) = (default, 0m, 0m, false, 0, 0);
        _others?.Clear();
    }

    public object ValueOf(Metric metric) => metric switch
    {
        Metric.Orders => Count,
        Metric.Units => Decimals.TrimZeros(Units),
        Metric.Refunds => ToMoney(_refunded, static amount => amount.Refunded),
        Metric.NetRevenue => ToMoney(_revenue - _refunded, static amount => amount.Revenue - amount.Refunded),
        Metric.AverageOrder or Metric.AverageRevenue => ToMoney(
            Count == 0 ? 0 : Mean(_revenue, Count), static amount => amount.Count == 0 ? 0 : Mean(amount.Revenue, amount.Count)!.Value),
        _ => ToMoney(_revenue, static amount => amount.Revenue),
    };

    private Money ToMoney(decimal? total, Func<(string Currency, decimal Revenue, decimal Refunded, long Count), decimal> of)
    {
        if (_first.Currency is null) return new Money(0, currency, []);
        if (_others is null or []) return SingleCurrency(total, Decimals.TrimZeros(of(_first)));
        var amounts = new List<(string Currency, decimal Amount)>(_others.Count + 1);
        Keep(_first);
        foreach (var other in _others) Keep(other);
        if (amounts.Count == 0) return new Money(0, currency, []);
        if (total is null && amounts.Count == 1) return new Money(amounts[0].Amount, amounts[0].Currency, amounts);
        amounts.Sort(static (x, y) =>
            y.Amount.CompareTo(x.Amount) is var order && order != 0 ? order : string.CompareOrdinal(x.Currency, y.Currency));
        return new Money(total is { } known ? _converted ? RoundConverted(known) : Decimals.TrimZeros(known) : null, currency, amounts);

        void Keep(in (string Currency, decimal Revenue, decimal Refunded, long Count) amount)
        {
            if (Decimals.TrimZeros(of(amount)) is var some && some != 0) amounts.Add((amount.Currency, some));
        }
    }

    private Money SingleCurrency(decimal? total, decimal amount)
    {
        if (amount == 0) return new Money(0, currency, []);
        (string, decimal)[] amounts = [(_first.Currency, amount)];
        return total is { } known ? new Money(_converted ? RoundConverted(known) : amount, currency, amounts)
            : new Money(amount, _first.Currency, amounts);
    }

    // Rates have five digits: more decimals than money has would only look exact.
    private static decimal RoundConverted(decimal total) => Decimals.TrimZeros(Math.Round(total, 2, MidpointRounding.AwayFromZero));

    private static decimal? Mean(decimal? sum, long count) =>
        sum is { } known ? Math.Round(known / count, 2, MidpointRounding.AwayFromZero) : null;
}
