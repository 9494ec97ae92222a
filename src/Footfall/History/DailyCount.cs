using Footfall.Common;

namespace Footfall.History;

/// <summary>Hits of one local day of a site, for one country and one five-minute step.</summary>
/// <param name="Site">The domain.</param>
/// <param name="Day">Days since 1970-01-01.</param>
/// <param name="Step">Five minutes of the day by the site's clock, from 0.</param>
/// <param name="Country">The country of the visit.</param>
/// <param name="Kind">Page views, carts, checkouts or purchases; <see cref="HitKind.Visit"/> for visits begun, <see cref="HitKind.Custom"/>
/// for visitors with any hit.</param>
/// <param name="Currency">ISO 4217 for <paramref name="Value"/>; empty for all but purchases.</param>
/// <param name="Value">What purchases are worth.</param>
internal sealed record DailyCount(string Site, int Day, int Step, Country Country, HitKind Kind, string Currency, long Count,
    decimal Value);
