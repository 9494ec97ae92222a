namespace Footfall.History;

/// <summary>
/// What is measured. The names and meanings up to <see cref="TimeOnPage"/> are those of Plausible's Stats API v2
/// (https://plausible.io/docs/stats-api#metrics).
/// </summary>
internal enum Metric
{
    /// <summary>Visitors: one person on one site on one day, so the counts of several days can be added.</summary>
    Visitors,
    Visits,
    Pageviews,

    /// <summary>Page views per visit, with 2 decimals.</summary>
    ViewsPerVisit,

    /// <summary>Percent of visits with one page view and nothing else.</summary>
    BounceRate,

    /// <summary>The mean, in whole seconds.</summary>
    VisitDuration,

    /// <summary>Page views and all other events.</summary>
    Events,

    /// <summary>Percent, of engagement events; null without any.</summary>
    ScrollDepth,

    /// <summary>Percent of the visitors of all rows.</summary>
    Percentage,

    /// <summary>Percent of all visitors of the period who reached the goal.</summary>
    ConversionRate,

    /// <summary>Percent of the row's visitors who reached the goal.</summary>
    GroupConversionRate,
    AverageRevenue,
    TotalRevenue,

    /// <summary>Mean seconds on a page per visit; null if unknown.</summary>
    TimeOnPage,

    /// <summary>Percent of a page's views that were the last of their visit.</summary>
    ExitRate,

    /// <summary>Purchases, each transaction once.</summary>
    Orders,

    /// <summary>The quantities of the items of purchases.</summary>
    Units,

    /// <summary>The value of all purchases.</summary>
    Revenue,

    /// <summary>The value of all refunds.</summary>
    Refunds,

    /// <summary>Revenue minus refunds.</summary>
    NetRevenue,

    /// <summary>Revenue per order.</summary>
    AverageOrder,

    /// <summary>Percent of visits with an item added to the cart.</summary>
    CartRate,

    /// <summary>Percent of visits that began a checkout.</summary>
    CheckoutRate,

    /// <summary>Percent of visits with a purchase.</summary>
    PurchaseRate,

    /// <summary>Percent of visits with a cart and without a purchase.</summary>
    Abandonment,

    /// <summary>Bot hits; by reason with the dimension <see cref="DimensionKind.BotReason"/>. No other metric includes them.</summary>
    BotHits,
}
