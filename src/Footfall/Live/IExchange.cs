using Footfall.Words;

namespace Footfall.Live;

/// <summary>Converts money to the currency of a site.</summary>
internal interface IExchange
{
    /// <param name="from">ISO 4217.</param>
    /// <param name="day">The site's local day, in days since 1970-01-01.</param>
    /// <returns>Null where no rate is known.</returns>
    decimal? ToSite(decimal amount, string from, Site site, int day);
}
