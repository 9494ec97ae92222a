using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Footfall.Tests;
using Microsoft.Playwright;

namespace Footfall.Browser;

/// <summary>
/// What holds for every page: anybody can use it, on any screen, in either theme, and the browser has nothing to complain about.
/// </summary>
public sealed class PagesTests(Chromium chromium) : BrowserTest(chromium)
{
    private static readonly string[] Pages = ["/", "/?wall", "/analytics", "/country?c=DE", "/product?id=A", "/nothing-here"];

    [Fact]
    public async Task No_rule_of_accessibility_is_broken_in_either_theme()
    {
        await FillAsync();
        List<string> broken = [];
        foreach (var theme in (ColorScheme[])[ColorScheme.Dark, ColorScheme.Light])
        {
            // One person looks at all of them: scripts are loaded once.
            var page = await OpenAsync(1440, theme);
            foreach (var path in Pages)
            {
                await ShowAsync(page, path);
                broken.AddRange((await page.RunAxe()).Violations.Select(violation => $"{path}, {theme}: {Tell(violation)}"));
            }
        }
        Assert.Empty(broken);
    }

    [Fact]
    public async Task Nothing_sticks_out_of_any_screen_and_the_browser_has_no_complaint()
    {
        await FillAsync();
        List<string> complaints = [];
        foreach (var width in (int[])[390, 1440])
        {
            var page = await OpenAsync(width, ColorScheme.Dark, complaints);
            foreach (var path in Pages)
            {
                await ShowAsync(page, path);
                if (!await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"))
                    complaints.Add("it is wider than the screen");
                // The browser itself logs a missing page to the console.
                lock (complaints)
                {
                    complaints.RemoveAll(each => path == "/nothing-here" && each.Contains("404", StringComparison.Ordinal));
                    Assert.True(complaints.Count == 0, $"{path} at {width}: {string.Join("; ", complaints)}");
                }
            }
        }
    }

    [Fact]
    public async Task The_theme_is_the_one_of_the_system_until_somebody_chooses()
    {
        var person = await NewPersonAsync(new() { ColorScheme = ColorScheme.Light });
        var page = await person.NewPageAsync();
        await page.GotoAsync(Footfall);
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");
        await page.GetByRole(AriaRole.Button, new() { Name = "Toggle theme" }).ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await page.ReloadAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
    }

    private async Task<IPage> OpenAsync(int width, ColorScheme theme, List<string>? complaints = null)
    {
        var person = await NewPersonAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = theme });
        var page = await person.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && complaints is not null) lock (complaints)
                complaints.Add(message.Text);
        };
        page.PageError += (_, error) => { if (complaints is not null) lock (complaints) complaints.Add(error); };
        return page;
    }

    private async Task ShowAsync(IPage page, string path)
    {
        await page.GotoAsync(Footfall + (path == "/nothing-here" ? path : path + (path.Contains('?') ? "&" : "?") + $"site={Site}"));
        // What is loaded later is there too.
        await Expect(page.Locator("[data-skeleton]")).ToHaveCountAsync(0);
        await Expect(page.Locator("h1").First).ToBeVisibleAsync();
    }

    private async Task FillAsync()
    {
        object[] items = [new { item_id = "A", item_name = "Desk lamp", price = 40 }];
        await SendAsync(
            new { url = "/lamps", country = "DE", referrer = "https://www.google.com/" },
            new { name = "add_to_cart", country = "DE", items },
            new { name = "purchase", country = "DE", transaction_id = "T-1", value = 40, items },
            new { name = "visit", country = "SG" });
        await Eventually.BecomesAsync(async () => await QueryAsync("orders") is ["1"], "the history has the order");
    }

    private static string Tell(AxeResultItem violation) =>
        $"{violation.Id} ({violation.Help}) at {string.Join(", ", violation.Nodes.Take(3).Select(node => node.Html))}";
}
