namespace Footfall.Common;

/// <summary>An amount by the currency it was sent in, and in total in the site's currency if the rates are known.</summary>
/// <param name="Total">The total in <paramref name="Currency"/>; null if a rate is missing.</param>
/// <param name="Currency">The site's currency, or that of the amounts if they have only one and there is no rate.</param>
/// <param name="ByCurrency">Each currency as sent, most first.</param>
internal sealed record Money(decimal? Total, string Currency, IReadOnlyList<(string Currency, decimal Amount)> ByCurrency);
