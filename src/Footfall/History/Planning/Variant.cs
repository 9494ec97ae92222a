namespace Footfall.History.Planning;

/// <summary>The dimensions and the filter of a question, as they are for some of its measures.</summary>
internal sealed record Variant(IReadOnlyList<Dimension> Dimensions, Filter? Filter)
{
    private IEnumerable<DimensionKind> Kinds => Dimensions.Select(dimension => dimension.Kind).Concat(Filters.Compares(Filter).Select(compare => compare.Dimension.Kind));

    public bool HasPage => Kinds.Any(kind => kind is DimensionKind.Page or DimensionKind.Hostname);

    public bool HasExit => Kinds.Any(kind => kind is DimensionKind.ExitPage or DimensionKind.ExitHostname);

    public bool OfHits => Kinds.Any(Columns.IsHit);

    /// <summary>Whether a column is asked for that is known only after the visit.</summary>
    public bool HasSum => Kinds.Any(Columns.IsSum);

    public bool OfItems => Kinds.Any(Columns.IsItem);

    public bool Has(DimensionKind kind) => Kinds.Contains(kind);

    /// <summary>Whether no row is of a shorter time than a month, and no filter of a part of a day.</summary>
    public bool ByMonth => Kinds.All(kind => !Columns.IsTime(kind) || kind == DimensionKind.Month);

    /// <summary>The visits that entered at a page in place of those that saw it, as Plausible measures bounces and durations of pages.</summary>
    public Variant Entered => Replace(kind => kind switch
    {
        DimensionKind.Page => DimensionKind.EntryPage,
        DimensionKind.Hostname => DimensionKind.EntryHostname,
        _ => kind,
    });

    /// <summary>The visits that left from a page.</summary>
    public Variant Left => Replace(kind => kind switch
    {
        DimensionKind.Page => DimensionKind.ExitPage,
        DimensionKind.Hostname => DimensionKind.ExitHostname,
        _ => kind,
    });

    /// <summary>The views of a page in place of the visits that left from it.</summary>
    public Variant Seen => Replace(kind => kind switch
    {
        DimensionKind.ExitPage => DimensionKind.Page,
        DimensionKind.ExitHostname => DimensionKind.Hostname,
        _ => kind,
    });

    private Variant Replace(Func<DimensionKind, DimensionKind> kind) =>
        new([.. Dimensions.Select(dimension => dimension with { Kind = kind(dimension.Kind) })], Filters.Replace(Filter, kind));
}
