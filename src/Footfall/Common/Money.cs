namespace Footfall.Common;

/// <summary>An amount, by the currency it was sent in, and all of it in the site's currency where the rates are known.</summary>
/// <param name="Total">In <paramref name="Currency"/>; null where a rate is missing.</param>
/// <param name="Currency">The site's currency, or that of the amounts where they have but one and there is no rate.</param>
/// <param name="ByCurrency">Each currency as sent, most first.</param>
internal sealed record Money(decimal? Total, string Currency, IReadOnlyList<(string Currency, decimal Amount)> ByCurrency);
