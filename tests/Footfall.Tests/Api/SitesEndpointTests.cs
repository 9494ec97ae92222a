using System.Text.Json.Nodes;

namespace Footfall.Tests.Api;

public sealed class SitesEndpointTests
{
    [Fact]
    public async Task A_server_without_visits_has_the_default_site()
    {
        await using var app = FootfallApp.Start();
        Assert.Equal("""{"sites":[{"site":"default","time_zone":"UTC","currency":"EUR"}]}""",
            await app.Http.GetStringAsync("/api/v1/sites", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Sites_are_listed_once_they_have_a_visit_and_the_default_one_only_then()
    {
        await using var app = FootfallApp.Start();
        await app.VisitAsync("us", site: "shop.example");
        await app.VisitAsync("us", site: "lamps.example");
        Assert.Equal(["lamps.example", "shop.example"], await NamesAsync(app));
        await app.VisitAsync("us");
        Assert.Equal(["default", "lamps.example", "shop.example"], await NamesAsync(app));
    }

    [Fact]
    public async Task Sites_of_the_settings_are_listed_from_the_start_with_zone_and_currency()
    {
        await using var app =
            FootfallApp.Start(("Sites:0:Domain", "shop.example"), ("Sites:0:TimeZone", "Europe/Berlin"), ("Sites:0:Currency", "CHF"));
        Assert.Equal("""{"sites":[{"site":"shop.example","time_zone":"Europe/Berlin","currency":"CHF"}]}""",
            await app.Http.GetStringAsync("/api/v1/sites", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Sites_of_the_settings_stand_in_their_order_before_what_was_counted_without_them()
    {
        using var data = new TemporaryDirectory();
        await using (var before = FootfallApp.Start(null, data.Path))
        {
            await before.VisitAsync("us");
            await before.VisitAsync("us", site: "apples.example");
            Assert.Equal(["default", "apples.example"], await NamesAsync(before));
        }
        await using var app = FootfallApp.Start(null, data.Path, ("Sites:0:Domain", "shop.example"), ("Sites:1:Domain", "lamps.example"));
        Assert.Equal(["shop.example", "lamps.example", "default", "apples.example"], await NamesAsync(app));
        Assert.Equal(1, (await app.StatsAsync("apples.example"))["us"]);
    }

    private static async Task<IEnumerable<string>> NamesAsync(FootfallApp app) =>
        JsonNode.Parse(await app.Http.GetStringAsync("/api/v1/sites", TestContext.Current.CancellationToken))!["sites"]!.AsArray()
            .Select(site => (string)site!["site"]!);
}
