using Footfall.Common;
using Footfall.History;
using Footfall.Live;

namespace Footfall.Api.Stats;

/// <summary>Converts with the operator's rates, for the live state.</summary>
internal sealed class LiveCurrencyConverter(ExchangeRatesFile rates) : ICurrencyConverter
{
    public decimal? ToSite(decimal amount, string from, Site site, int day) => rates.Current.Convert(amount, from, site.Currency, day);
}
