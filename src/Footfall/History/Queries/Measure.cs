namespace Footfall.History.Queries;

/// <summary>What is summed over the parts of a period; metrics are made of it. <see cref="MeasureTable"/> defines each.</summary>
internal enum Measure
{
    Visitors,
    Pageviews,
    Events,
    Orders,

    /// <summary>The quantities of items: the only one that is not a whole number.</summary>
    Units,
    Visits,
    Carts,
    Checkouts,
    Buyers,
    CartBuyers,

    /// <summary>Visits, by the page they entered at.</summary>
    Entries,

    /// <summary>Page views of these visits.</summary>
    EntryViews,
    Bounces,

    /// <summary>In seconds.</summary>
    Duration,

    /// <summary>Visits, by the page they left from.</summary>
    Exits,

    /// <summary>Views of the page that visits left from, in any visit.</summary>
    ExitViews,
    Bots,
}

/// <summary>What a measure counts. Visits count where they begin, all else where it happens.</summary>
internal enum MeasureSource
{
    Visits,
    Hits,
    Items,
    Bots,
}

/// <summary>By which page a measure is grouped where a query asks for pages.</summary>
internal enum PageRole
{
    Viewed,
    Entered,
    Left,

    /// <summary>As <see cref="Viewed"/>, for pages that visits left from only.</summary>
    ViewedOfLeft,
}
