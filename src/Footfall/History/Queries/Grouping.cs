using Footfall.History.Schema;

namespace Footfall.History.Queries;

/// <summary>The dimensions and the filter of a question, as they are for some of its measures.</summary>
internal sealed record Grouping(IReadOnlyList<Dimension> Dimensions, Filter? Filter)
{
    private IEnumerable<DimensionKind> Kinds =>
        Dimensions.Select(dimension => dimension.Kind).Concat(FilterTree.Comparisons(Filter).Select(compare => compare.Dimension.Kind));

    public bool HasPage => Kinds.Any(kind => kind is DimensionKind.Page or DimensionKind.Hostname);

    public bool HasExit => Kinds.Any(kind => kind is DimensionKind.ExitPage or DimensionKind.ExitHostname);

    public bool NeedsHits => Kinds.Any(DimensionColumns.IsOfHit);

    /// <summary>Whether a column is asked for that is known only after the visit.</summary>
    public bool NeedsVisitSums => Kinds.Any(DimensionColumns.NeedsVisitSums);

    public bool NeedsItems => Kinds.Any(DimensionColumns.IsItem);

    public bool Has(DimensionKind kind) => Kinds.Contains(kind);

    /// <summary>Whether no row is of a shorter time than a month, and no filter of a part of a day.</summary>
    public bool FitsMonths => Kinds.All(kind => !DimensionColumns.IsTime(kind) || kind == DimensionKind.Month);

    /// <summary>
    /// The visits that entered at a page in place of those that saw it, as Plausible measures bounces and durations of pages.
    /// </summary>
    public Grouping ByEntryPage => ReplaceKinds(kind => kind switch
    {
        DimensionKind.Page => DimensionKind.EntryPage,
        DimensionKind.Hostname => DimensionKind.EntryHostname,
        _ => kind,
    });

    /// <summary>The visits that left from a page.</summary>
    public Grouping ByExitPage => ReplaceKinds(kind => kind switch
    {
        DimensionKind.Page => DimensionKind.ExitPage,
        DimensionKind.Hostname => DimensionKind.ExitHostname,
        _ => kind,
    });

    /// <summary>The views of a page in place of the visits that left from it.</summary>
    public Grouping ByViewedPage => ReplaceKinds(kind => kind switch
    {
        DimensionKind.ExitPage => DimensionKind.Page,
        DimensionKind.ExitHostname => DimensionKind.Hostname,
        _ => kind,
    });

    private Grouping ReplaceKinds(Func<DimensionKind, DimensionKind> kind) =>
        new([.. Dimensions.Select(dimension => dimension with { Kind = kind(dimension.Kind) })], FilterTree.ReplaceKinds(Filter, kind));
}
