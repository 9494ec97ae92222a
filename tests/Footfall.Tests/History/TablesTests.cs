using Footfall.History;
using Footfall.History.Queries;

namespace Footfall.Tests.History;

/// <summary>A member of an enum that its table lacks is named here, before a query needs it.</summary>
public sealed class TablesTests
{
    [Fact]
    public void Each_metric_is_in_the_table_of_metrics() =>
        Assert.All(Enum.GetValues<Metric>(), metric => Assert.Equal(metric, metric.Get().Metric));

    [Fact]
    public void Each_measure_is_in_the_table_of_measures() =>
        Assert.All(Enum.GetValues<Measure>(), measure => Assert.Equal(measure, measure.Get().Measure));
}
