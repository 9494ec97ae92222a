using Footfall.Common;
using Footfall.History.Rollups;

namespace Footfall.History.Queries;

/// <summary>One row of the table of measures.</summary>
/// <param name="RollupColumn">The column of the rollups that is summed; empty where none has it.</param>
/// <param name="VisitSql">The aggregate of rows of visits, <c>v</c>; empty where visits don't have it.</param>
/// <param name="IsExact">
/// Whether rows of a rollup add up to it exactly. A visitor from two countries is in the rows of both, and so is a visit with two pages.
/// </param>
internal sealed record MeasureDefinition(
    Measure Measure, MeasureSource Source, string RollupColumn, string VisitSql, Predicate<RollupChoice> IsExact)
{
    public PageRole Page { get; init; }

    /// <summary>The only kind of hit that counts; null for all.</summary>
    public HitKind? Kind { get; init; }

    /// <summary>Whether it is in the sums of a visit, and not known from its first hit on.</summary>
    public bool NeedsVisitSums { get; init; } = true;

    public string SqlType => Measure == Measure.Units ? "DECIMAL(38, 6)" : "BIGINT";

    /// <summary>The aggregate of rows of hits, <c>h</c>. Of rows of items each hit counts once.</summary>
    public string HitSql(bool items)
    {
        if (Measure == Measure.Visitors) return "count(DISTINCT h.visitor)";
        var filter = Kind is { } kind ? $"h.kind = {(int)kind}" : null;
        if (items) return $"count(DISTINCT {Queries.HitSql.HitKey}){(filter is null ? "" : $" FILTER ({filter})")}";
        return filter is null ? "count(*)" : $"sum(({filter})::INTEGER)";
    }
}

/// <summary>The table of measures.</summary>
internal static class MeasureTable
{
    private static readonly MeasureDefinition[] Table =
    [
        new(Measure.Visitors, MeasureSource.Hits, "visitors", "count(DISTINCT v.visitor)",
            rollup => !rollup.MergesCountries && (!rollup.MergesValues || rollup.Rollup.IsAdditive)) { NeedsVisitSums = false },
        new(Measure.Pageviews, MeasureSource.Hits, "pageviews", "sum(v.pageviews)", rollup => !rollup.IsOfItems)
            { Kind = HitKind.PageView },
        new(Measure.Events, MeasureSource.Hits, "events", "sum(v.events)", rollup => !rollup.IsOfItems || !rollup.MergesValues),
        new(Measure.Orders, MeasureSource.Hits, "orders", "sum(v.orders)", rollup => !rollup.IsOfItems || !rollup.MergesValues)
            { Kind = HitKind.Purchase },
        // Hits have a value, and no quantity.
        new(Measure.Units, MeasureSource.Items, "units", "",
            rollup => rollup.Rollup.Source != RollupSource.Hit || rollup.IsHourly),
        new(Measure.Visits, MeasureSource.Visits, "visits", "count(*)", IsExactVisit) { NeedsVisitSums = false },
        new(Measure.Carts, MeasureSource.Visits, "carts", "sum(v.cart::INTEGER)", IsExactStep),
        new(Measure.Checkouts, MeasureSource.Visits, "checkouts", "sum(v.checkout::INTEGER)", IsExactStep),
        new(Measure.Buyers, MeasureSource.Visits, "buyers", "sum(v.buyer::INTEGER)", IsExactStep),
        new(Measure.CartBuyers, MeasureSource.Visits, "cart_buyers", "sum((v.cart AND v.buyer)::INTEGER)", IsExactStep),
        new(Measure.Entries, MeasureSource.Visits, "visits", "count(*)", IsExactVisit)
            { Page = PageRole.Entered, NeedsVisitSums = false },
        new(Measure.EntryViews, MeasureSource.Visits, "pageviews", "sum(v.pageviews)", rollup => rollup.IsOfVisits)
            { Page = PageRole.Entered },
        new(Measure.Bounces, MeasureSource.Visits, "bounces", "sum(v.bounce)", rollup => rollup.IsOfVisits || rollup.IsHourly)
            { Page = PageRole.Entered },
        new(Measure.Duration, MeasureSource.Visits, "duration", "sum(v.duration)", rollup => rollup.IsOfVisits || rollup.IsHourly)
            { Page = PageRole.Entered },
        new(Measure.Exits, MeasureSource.Visits, "visits", "count(*)", IsExactVisit) { Page = PageRole.Left },
        new(Measure.ExitViews, MeasureSource.Hits, "pageviews", "sum(v.pageviews)", rollup => !rollup.IsOfItems)
            { Page = PageRole.ViewedOfLeft, Kind = HitKind.PageView },
        new(Measure.Bots, MeasureSource.Bots, "", "", _ => false),
    ];

    private static readonly Dictionary<Measure, MeasureDefinition> ByMeasure = Table.ToDictionary(definition => definition.Measure);

    /// <exception cref="KeyNotFoundException">The table lacks the measure.</exception>
    public static MeasureDefinition Get(this Measure measure) => ByMeasure[measure];

    private static bool IsExactVisit(RollupChoice rollup) => rollup.IsOfVisits || !rollup.MergesValues;

    private static bool IsExactStep(RollupChoice rollup) =>
        rollup.IsOfVisits || rollup.IsHourly || (rollup.IsOfItems && !rollup.MergesValues);
}
