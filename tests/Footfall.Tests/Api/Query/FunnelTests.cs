using System.Text.Json.Nodes;
using Footfall.History;

namespace Footfall.Tests.Api.Query;

public sealed class FunnelTests
{
    [Fact]
    public async Task Steps_are_counted_by_a_dimension()
    {
        await using var app = QueryApp.Start();
        app.History.OnFunnel = _ => new FunnelStats([new FunnelRow("DE", [800, 200, 50]), new FunnelRow("ZZ", [200, 0, 0])]);
        var response = await app.QueryWithAsync("""
            "funnel":{"steps":["view_item",["is","event:name",["add_to_cart"]],
            ["and",[["is","event:name",["purchase"]],["contains","event:page",["/thanks"]]]]]},
            "dimensions":["visit:country_name"],"filters":[["is","visit:device",["Mobile"]]],"pagination":{"limit":20}
            """);
        Assert.Equal("""[{"metrics":[800,200,50],"dimensions":["Germany"]},{"metrics":[200,0,0],"dimensions":[""]}]""",
            response["results"]!.ToJsonString());
        Assert.Equal(
            """{"funnel":{"steps":[{"step":1,"visits":1000,"rate":100,"rate_of_previous":100},""" +
            """{"step":2,"visits":200,"rate":20,"rate_of_previous":20},{"step":3,"visits":50,"rate":5,"rate_of_previous":25}]}}""",
            response["meta"]!.ToJsonString());
        Assert.Equal(["site_id", "funnel", "date_range", "filters", "dimensions", "pagination"], response["query"]!.AsObject()
            .Select(pair => pair.Key));
        var question = Assert.Single(app.History.FunnelQueries);
        Assert.Equal(["EventName is view_item", "EventName is add_to_cart", "(EventName is purchase and Page contains /thanks)"],
            question.Steps.Select(FilterFormatter.Format));
        Assert.Equal(new Dimension(DimensionKind.Country), question.Dimension);
        Assert.Equal("Device is Mobile", FilterFormatter.Format(question.Filter));
        Assert.Equal(20, question.Limit);
    }

    [Fact]
    public async Task Without_a_dimension_there_is_one_row_even_of_nothing()
    {
        await using var app = QueryApp.Start();
        var response = await app.QueryWithAsync("\"funnel\":{\"steps\":[\"view_item\",\"purchase\"]}");
        Assert.Equal("""[{"metrics":[0,0],"dimensions":[]}]""", response["results"]!.ToJsonString());
        Assert.Null(response["meta"]!["funnel"]!["steps"]![1]!["rate"]);
        Assert.Equal(1_000, app.History.FunnelQueries.Single().Limit);
    }

    [Fact]
    public async Task A_dimension_that_is_not_known_is_one_row()
    {
        await using var app = QueryApp.Start();
        app.History.OnFunnel = _ => new FunnelStats([new FunnelRow("", [3, 1])]);
        var response = await app.QueryWithAsync("\"funnel\":{\"steps\":[\"view_item\",\"purchase\"]},\"dimensions\":[\"visit:city\"]");
        Assert.Equal("""[{"metrics":[3,1],"dimensions":[""]}]""", response["results"]!.ToJsonString());
        Assert.Null(app.History.FunnelQueries.Single().Dimension);
    }

    [Fact]
    public async Task Steps_by_time_are_named_as_time_is()
    {
        await using var app = QueryApp.Start();
        app.History.OnFunnel = _ => new FunnelStats([new FunnelRow("2024-09-05", [3, 1])]);
        var response = await app.QueryWithAsync("\"funnel\":{\"steps\":[\"view_item\",\"purchase\"]},\"dimensions\":[\"time\"]");
        Assert.Equal("""["time:day"]""", response["query"]!["dimensions"]!.ToJsonString());
        Assert.Equal("2024-09-05", (string?)response["results"]![0]!["dimensions"]![0]);
    }
}
