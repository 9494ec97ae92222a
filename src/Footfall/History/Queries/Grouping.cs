using Footfall.History.Schema;

namespace Footfall.History.Queries;

/// <summary>The dimensions and filter of a query, as they apply to some of its measures.</summary>
internal sealed record Grouping(IReadOnlyList<Dimension> Dimensions, Filter? Filter)
{
    private IEnumerable<DimensionKind> Kinds =>
        Dimensions.Select(dimension => dimension.Kind).Concat(FilterTree.Comparisons(Filter).Select(compare => compare.Dimension.Kind));

    public bool HasPage => Kinds.Any(kind => kind is DimensionKind.Page or DimensionKind.Hostname);

    public bool HasExit => Kinds.Any(kind => kind is DimensionKind.ExitPage or DimensionKind.ExitHostname);

    public bool NeedsHits => Kinds.Any(DimensionColumns.IsOfHit);

    /// <summary>Whether a column is needed that is known only after the visit.</summary>
    public bool NeedsVisitSums => Kinds.Any(DimensionColumns.NeedsVisitSums);

    public bool NeedsItems => Kinds.Any(DimensionColumns.IsItem);

    public bool Has(DimensionKind kind) => Kinds.Contains(kind);

    /// <summary>Whether no row covers less than a month and no filter part of a day.</summary>
    public bool FitsMonths => Kinds.All(kind => !DimensionColumns.IsTime(kind) || kind == DimensionKind.Month);

    /// <summary>
    /// Uses the visits that entered at a page instead of those that viewed it, as Plausible does for bounces and durations of pages.
    /// </summary>
    public Grouping ByEntryPage => ReplaceKinds(kind => kind switch
    {
        DimensionKind.Page => DimensionKind.EntryPage,
        DimensionKind.Hostname => DimensionKind.EntryHostname,
        _ => kind,
    });

    /// <summary>Uses the visits that exited at a page.</summary>
    public Grouping ByExitPage => ReplaceKinds(kind => kind switch
    {
        DimensionKind.Page => DimensionKind.ExitPage,
        DimensionKind.Hostname => DimensionKind.ExitHostname,
        _ => kind,
    });

    /// <summary>Uses the views of a page instead of the visits that exited there.</summary>
    public Grouping ByViewedPage => ReplaceKinds(kind => kind switch
    {
        DimensionKind.ExitPage => DimensionKind.Page,
        DimensionKind.ExitHostname => DimensionKind.Hostname,
        _ => kind,
    });

    private Grouping ReplaceKinds(Func<DimensionKind, DimensionKind> kind) =>
        new([.. Dimensions.Select(dimension => dimension with { Kind = kind(dimension.Kind) })], FilterTree.ReplaceKinds(Filter, kind));
}
