using Footfall.Tests;
using Microsoft.Playwright;

namespace Footfall.Browser;

/// <summary>The analytics: what happened in the shop, from the history.</summary>
public sealed class AnalyticsTests(Chromium chromium) : BrowserTest(chromium)
{
    private ILocator Chip => Page.GetByRole(AriaRole.Button, new() { Name = "Remove filter" });

    [Fact]
    public async Task An_order_is_in_the_totals_the_products_and_the_funnel()
    {
        await OpenAsync();
        await Expect(Total("Orders")).ToContainTextAsync("1");
        await Expect(Total("Revenue")).ToContainTextAsync("€80");
        await Expect(Page.GetByRole(AriaRole.Row, new() { Name = "Desk lamp" })).ToContainTextAsync("€80");
        await Expect(Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Purchase" })).ToContainTextAsync("100% of previous step");

        await Total("Revenue").ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Revenue over time" })).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Hide money" }).ClickAsync();
        await Expect(Page.Locator("main")).Not.ToContainTextAsync("€");
        // Nor is there money in a file.
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Export all hits in this period as CSV" })).ToHaveCountAsync(0);
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Revenue over time as CSV" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_row_filters_everything_and_a_link_shows_the_same()
    {
        await OpenAsync();
        await Expect(Total("Visits")).ToContainTextAsync("2");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Singapore" }).ClickAsync();
        await Expect(Chip).ToHaveCountAsync(1);
        await Expect(Total("Visits")).ToContainTextAsync("1");
        await Expect(Page.GetByRole(AriaRole.Row, new() { Name = "Desk lamp" })).ToHaveCountAsync(0);

        var other = await (await NewPersonAsync()).NewPageAsync();
        await other.GotoAsync(Page.Url);
        await Expect(other.GetByRole(AriaRole.Button, new() { Name = "Remove filter Country is Singapore" })).ToBeVisibleAsync();

        await Page.GoBackAsync();
        await Expect(Chip).ToHaveCountAsync(0);
        await Expect(Total("Visits")).ToContainTextAsync("2");
    }

    [Fact]
    public async Task A_page_that_stays_open_goes_on_with_the_day()
    {
        await Page.Clock.InstallAsync();
        await SendAsync(new { url = "/lamps", country = "DE" });
        await Eventually.BecomesAsync(async () => await QueryAsync("pageviews") is ["1"], "the page view is in the history");
        await Page.GotoAsync($"{Footfall}/analytics?site={Site}&period=day");
        var pageViews = Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Page views") });
        await Expect(pageViews).ToContainTextAsync("Page views1");
        await SendAsync(new { url = "/lamps", country = "DE" }, new { url = "/chairs", country = "DE" });
        await Eventually.BecomesAsync(async () => await QueryAsync("pageviews") is ["3"], "all page views are in the history");
        await Page.Clock.FastForwardAsync(61_000);
        await Expect(pageViews).ToContainTextAsync("Page views3");
        await Expect(Page.GetByText("/chairs")).ToBeVisibleAsync();

        // A server that is away for a while takes no number away.
        await KillAsync();
        await Page.Clock.FastForwardAsync(61_000);
        await Expect(Page.GetByText("Couldn’t refresh").First).ToBeVisibleAsync();
        await Expect(pageViews).ToContainTextAsync("Page views3");
        await StartAsync();
        await Page.Clock.FastForwardAsync(61_000);
        await Expect(Page.GetByText("Couldn’t refresh")).ToHaveCountAsync(0);
        await Expect(pageViews).ToContainTextAsync("Page views3");
    }

    [Fact]
    public async Task A_period_is_chosen_by_keyboard()
    {
        await OpenAsync();
        await TabToAsync("Period: Today");
        await Page.Keyboard.PressAsync("Enter");
        await TabToAsync("Last 7 days");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Period: Last 7 days" })).ToBeVisibleAsync();
        Assert.Contains("period=7d", Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Details_are_searched_and_given_out_as_a_file()
    {
        await OpenAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Details for Countries" }).ClickAsync();
        var details = Page.GetByRole(AriaRole.Dialog, new() { Name = "Countries" });
        await Expect(details.GetByRole(AriaRole.Rowheader)).ToHaveCountAsync(2);
        await details.GetByRole(AriaRole.Searchbox).FillAsync("sing");
        await Expect(details.GetByRole(AriaRole.Rowheader)).ToHaveTextAsync(["🇸🇬 Singapore"]);
        foreach (var none in (string[])["zzzz", "%"])
        {
            await details.GetByRole(AriaRole.Searchbox).FillAsync(none);
            await Expect(details.GetByText($"No results for “{none}”.")).ToBeVisibleAsync();
        }
        await details.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(details).ToBeHiddenAsync();

        var download = await Page.RunAndWaitForDownloadAsync(() =>
            Page.GetByRole(AriaRole.Button, new() { Name = "Countries as CSV" }).ClickAsync());
        var lines = await File.ReadAllLinesAsync((await download.PathAsync())!, Stop);
        Assert.StartsWith("Country,Code,Visitors,", lines[0], StringComparison.Ordinal);
        Assert.Equal(["Germany,DE", "Singapore,SG"], lines[1..].Select(line => string.Join(',', line.Split(',')[..2])).Order());
    }

    [Fact]
    public async Task A_shop_without_a_visit_gets_the_line_to_add()
    {
        await Page.GotoAsync($"{Footfall}/analytics?site=new.example");
        await Expect(Page.GetByText($"<script defer src=\"{Footfall}/footfall.js\" data-site=\"new.example\"></script>"))
            .ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_line_is_copied_where_there_is_no_HTTPS_too()
    {
        await Page.AddInitScriptAsync("Object.defineProperty(navigator, 'clipboard', {value: undefined})");
        await Page.GotoAsync($"{Footfall}/analytics?site=new.example");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Copy" }).ClickAsync();
        await Expect(Page.GetByText("Copied")).ToBeVisibleAsync();
        Assert.EndsWith("data-site=\"new.example\"></script>", await Page.EvaluateAsync<string>("getSelection().toString()"),
            StringComparison.Ordinal);
    }

    /// <summary>The number of the totals with this name.</summary>
    private ILocator Total(string name) => Page.GetByRole(AriaRole.Group, new() { Name = "Totals for the period" })
        .GetByRole(AriaRole.Button).Filter(new() { HasText = name }).First;

    /// <summary>Today of a shop with two visits, one with a purchase.</summary>
    private async Task OpenAsync()
    {
        object[] items = [new { item_id = "A", item_name = "Desk lamp", price = 80 }];
        await SendAsync(
            new { name = "view_item", url = "/lamp", country = "DE", items },
            new { name = "add_to_cart", country = "DE", items },
            new { name = "begin_checkout", country = "DE", items },
            new { name = "purchase", country = "DE", transaction_id = "T-1", value = 80, currency = "EUR", items },
            new { name = "visit", country = "SG" });
        await Eventually.BecomesAsync(async () => await QueryAsync("visits,orders") is ["2 1"], "the history has the order");
        await Page.GotoAsync($"{Footfall}/analytics?site={Site}&period=day");
    }
}
