using System.Collections.Concurrent;
using Deque.AxeCore.Playwright;
using Footfall.Tests;
using Microsoft.Playwright;

namespace Footfall.Browser;

/// <summary>A person who buys something in the demo shop.</summary>
public sealed class DemoShopTests(Chromium chromium) : BrowserTest(chromium)
{
    private readonly ConcurrentQueue<string> _complaints = [];

    protected override string Site => "demo.example";

    [Fact]
    public async Task From_product_view_to_purchase_all_is_counted_with_the_right_revenue()
    {
        Listen();
        await Page.GotoAsync($"{Footfall}/demo");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Desk lamp" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add to cart" }).ClickAsync();
        await Page.GotoAsync($"{Footfall}/demo/stoneware-mug");
        var add = Page.GetByRole(AriaRole.Button, new() { Name = "Add to cart" });
        await add.ClickAsync();
        await add.ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "View cart" }).ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Check out" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Place order" }).ClickAsync();
        await Page.GetByRole(AriaRole.Heading, new() { Name = "Thank you" }).WaitForAsync();
        // 59.90 + 2 × 18.50.
        await Assertions.Expect(Page.GetByText("€96.90")).ToBeVisibleAsync();
        await Page.ReloadAsync();
        await Assertions.Expect(Page.GetByText("€96.90")).ToBeVisibleAsync();

        await LiveAsync(live =>
            live is { Visits: 1, PageViews: 7, Carts: 3, Checkouts: 1, Orders: 1, Revenue: 96.9m }, "the visit is live");
        await Eventually.BecomesAsync(async () => await QueryAsync("visits,pageviews,orders,units") is ["1 7 1 3"], "the history has it");
        Assert.Contains("96.9", Assert.Single(await QueryAsync("revenue")), StringComparison.Ordinal);
        Assert.Equal(["Desk lamp 1", "Stoneware mug 2"], (await QueryAsync("units", "item:name")).Order(StringComparer.Ordinal));
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task What_is_taken_out_of_the_cart_is_no_longer_there()
    {
        await Page.GotoAsync($"{Footfall}/demo/oak-chair");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add to cart" }).ClickAsync();
        await Page.GotoAsync($"{Footfall}/demo/cart");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Remove Oak chair" }).ClickAsync();
        await Assertions.Expect(Page.GetByText("Your cart is empty.")).ToBeVisibleAsync();
        await Eventually.BecomesAsync(async () =>
            await QueryAsync("events,orders") is [var row] && row.EndsWith(" 0", StringComparison.Ordinal), "the history has it");
    }

    [Fact]
    public async Task Every_page_fits_its_window_can_be_used_by_anybody_and_keeps_to_its_policy()
    {
        Listen();
        foreach (var path in (string[])["/demo", "/demo/little-fern", "/demo/cart", "/demo/checkout", "/demo/thanks"])
        {
            var answer = await Page.GotoAsync(Footfall + path);
            Assert.DoesNotContain("unsafe", await answer!.HeaderValueAsync("content-security-policy"), StringComparison.Ordinal);
            Assert.Equal("/?site=demo.example",
                await Page.GetByRole(AriaRole.Link, new() { Name = "dashboard" }).First.GetAttributeAsync("href"));
            foreach (var (scheme, width) in ((ColorScheme, int)[])[(ColorScheme.Dark, 1440), (ColorScheme.Light, 390)])
            {
                await Page.SetViewportSizeAsync(width, 844);
                await Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                Assert.Empty((await Page.RunAxe()).Violations.Select(violation =>
                    $"{path}, {scheme} at {width}: {violation.Id}, {violation.Help}"));
                Assert.True(await Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"),
                    $"{path} is wider than {width}");
            }
        }
        Assert.Empty(_complaints);
    }

    /// <summary>Notes what the browser complains of: a script that fails, and what the policy forbids.</summary>
    private void Listen()
    {
        Page.PageError += (_, error) => _complaints.Enqueue(error);
        Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") _complaints.Enqueue(message.Text);
        };
    }
}
