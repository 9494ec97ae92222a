using Footfall.Common;

namespace Footfall.Live;

/// <summary>Converts money to the currency of a site.</summary>
internal interface ICurrencyConverter
{
    /// <param name="from">ISO 4217.</param>
    /// <param name="day">The site's local day, in days since 1970-01-01.</param>
    /// <returns>Null if no rate is known.</returns>
    decimal? ToSite(decimal amount, string from, Site site, int day);
}

internal static class CurrencyConverterExtensions
{
    /// <summary>The value of an amount in the currency of a site; 0 if no rate is known.</summary>
    /// <param name="currency">Null for that of the site.</param>
    /// <inheritdoc cref="ICurrencyConverter.ToSite"/>
    public static decimal ConvertOrZero(this ICurrencyConverter? converter, decimal amount, string? currency, Site site, int day) =>
        currency is null || currency == site.Currency ? amount : converter?.ToSite(amount, currency, site, day) ?? 0;
}
