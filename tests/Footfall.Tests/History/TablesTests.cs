using Footfall.History;
using Footfall.History.Queries;
using Footfall.History.Schema;

namespace Footfall.Tests.History;

/// <summary>Reports an enum member that its table lacks, before a query needs it.</summary>
public sealed class TablesTests
{
    [Fact]
    public void Each_metric_is_in_the_table_of_metrics() =>
        Assert.All(Enum.GetValues<Metric>(), metric => Assert.Equal(metric, metric.Get().Metric));

    [Fact]
    public void Each_measure_is_in_the_table_of_measures() =>
        Assert.All(Enum.GetValues<Measure>(), measure => Assert.Equal(measure, measure.Get().Measure));

    [Fact]
    public void Each_dimension_has_a_column_or_is_made_of_the_time()
    {
        foreach (var kind in Enum.GetValues<DimensionKind>())
        {
            var source = DimensionColumns.SourceOf(kind);
            if (source is not (DimensionSource.Time or DimensionSource.Prop)) Assert.NotEmpty(DimensionColumns.NameOf(kind));
        }
        var ofVisits = Enum.GetValues<DimensionKind>().Where(kind => DimensionColumns.SourceOf(kind) == DimensionSource.Visit);
        Assert.Equal(DimensionColumns.VisitAttributeList.Split(", ").Order(), ofVisits.Select(DimensionColumns.NameOf).Order());
    }
}
