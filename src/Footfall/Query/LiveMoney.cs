using Footfall.History;
using Footfall.Live;
using Footfall.Words;

namespace Footfall.Query;

/// <summary>The rates of the operator, for the live picture.</summary>
internal sealed class LiveMoney(Rates rates) : IExchange
{
    public decimal? ToSite(decimal amount, string from, Site site, int day) => rates.Current.Convert(amount, from, site.Currency, day);
}
