using Footfall.Tests;
using Microsoft.Playwright;

namespace Footfall.Browser;

/// <summary>The live page: what somebody sees there while others do something.</summary>
public sealed class LivePageTests(Chromium chromium) : BrowserTest(chromium)
{
    private static readonly string[] Names = ["Visits", "Page views", "Carts", "Checkouts", "Orders", "Revenue"];

    private ILocator Countries => Page.Locator("tbody tr[data-flip]");

    [Fact]
    public async Task A_visit_by_another_client_moves_the_page()
    {
        await MoveAsync();
        await OpenAsync();
        await VisitAsync("de");
        await TodayAsync("Visits", "1");
        await VisitAsync("de", 2);
        await VisitAsync("fr");
        await TodayAsync("Visits", "4");
        await RowAsync("Germany", "3", "3", "3");
        await RowAsync("France", "1", "1", "1");
        await Expect(Countries).ToHaveCountAsync(2);
        // Most first; and that changes without a load of the page.
        await Expect(Countries.First).ToContainTextAsync("Germany");
        await VisitAsync("fr", 3);
        await Expect(Countries.First).ToContainTextAsync("France");
    }

    [Fact]
    public async Task Orders_and_what_leads_to_them_are_shown()
    {
        await OpenAsync();
        await SendAsync(new { url = "/lamps", country = "AT" },
            new { name = "add_to_cart", country = "AT", items = new[] { new { item_id = "A", item_name = "Desk lamp", price = 40 } } });
        await SendAsync(new { name = "begin_checkout", country = "AT" },
            new { name = "purchase", country = "AT", transaction_id = "T-1", value = 79.9, currency = "EUR" });
        foreach (var (name, value) in Names.Zip(["1", "1", "1", "1", "1", "€80"])) await TodayAsync(name, value);
        await Expect(Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Order" })).ToContainTextAsync("€79.90");
        await Expect(Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Added to cart" })).ToContainTextAsync("Desk lamp");

        // Users who show this page to others can hide the revenue.
        await Page.GetByRole(AriaRole.Button, new() { Name = "Hide money" }).ClickAsync();
        await Expect(Page.Locator("main")).Not.ToContainTextAsync("€");
        await Page.ReloadAsync();
        await TodayAsync("Orders", "1");
        await Expect(Page.Locator("main")).Not.ToContainTextAsync("€");
    }

    [Fact]
    public async Task When_the_server_comes_back_the_numbers_are_right_again()
    {
        await OpenAsync();
        await VisitAsync("de", 2);
        await TodayAsync("Visits", "2");
        await KillAsync();
        await Expect(Page.GetByText("Connection lost")).ToBeVisibleAsync();
        // What is there stays.
        await TodayAsync("Visits", "2");
        await StartAsync();
        await VisitAsync("de");
        await Expect(Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Live" })).ToBeVisibleAsync();
        await TodayAsync("Visits", "3");
        await RowAsync("Germany", "3", "3", "3");
        await VisitAsync("de");
        await TodayAsync("Visits", "4");
    }

    [Fact]
    public async Task A_visit_is_recorded_by_hand_and_its_count_is_shown()
    {
        await OpenAsync();
        var input = Page.GetByRole(AriaRole.Combobox, new() { Name = "Record a visit from a country" });
        await input.FillAsync("germ");
        await Expect(Page.GetByRole(AriaRole.Option, new() { Name = "Germany" })).ToBeVisibleAsync();
        await input.PressAsync("Enter");
        await Expect(Page.GetByText("1 visit in total")).ToBeVisibleAsync();
        await input.FillAsync("DE");
        await Page.Locator("button[aria-label='Record a visit from a country']").ClickAsync();
        await Expect(Page.GetByText("2 visits in total")).ToBeVisibleAsync();
        await RowAsync("Germany", "2", "2", "2");
    }

    [Fact]
    public async Task A_rejected_visit_shows_the_error_message_of_the_server()
    {
        await OpenAsync();
        var input = Page.GetByRole(AriaRole.Combobox, new() { Name = "Record a visit from a country" });
        await input.FillAsync("qqq");
        await input.PressAsync("Enter");
        using var answer = await Http.PostAsync($"/api/v1/stats?countryCode=qqq&site={Site}", null, Stop);
        var sentence = (await answer.Content.ReadFromJsonAsync<Refused>(Stop))!.Error;
        await Expect(Page.GetByText("Visit not recorded")).ToBeVisibleAsync();
        await Expect(Page.GetByText(sentence)).ToBeVisibleAsync();
        await TodayAsync("Visits", "0");
    }

    [Fact]
    public async Task A_country_filters_the_page_and_the_link_shows_the_same_to_others()
    {
        await OpenAsync();
        await VisitAsync("de", 2);
        await VisitAsync("fr", 5);
        await TodayAsync("Visits", "7");
        await Countries.GetByRole(AriaRole.Button, new() { Name = "Germany" }).ClickAsync();
        await TodayAsync("Visits", "2");
        Assert.Contains("c=DE", Page.Url, StringComparison.Ordinal);

        var other = await (await NewPersonAsync()).NewPageAsync();
        await other.GotoAsync(Page.Url);
        await TodayAsync("Visits", "2", other);
        await Expect(other.GetByRole(AriaRole.Button, new() { Name = "Remove filter Germany" })).ToBeVisibleAsync();

        await Page.GoBackAsync();
        await TodayAsync("Visits", "7");
        await Page.GoForwardAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Remove filter Germany" }).ClickAsync();
        await TodayAsync("Visits", "7");
    }

    [Fact]
    public async Task All_of_it_works_with_keys_alone()
    {
        await OpenAsync();
        await VisitAsync("de");
        await RowAsync("Germany", "1", "1", "1");
        await TabToAsync("Record a visit from a country");
        await Page.Keyboard.TypeAsync("austr");
        await Expect(Page.GetByRole(AriaRole.Option)).Not.ToHaveCountAsync(0);
        await Page.Keyboard.PressAsync("ArrowDown");
        var chosen = await Page.Locator("[role=option][aria-selected=true]").TextContentAsync();
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.GetByText("1 visit in total")).ToBeVisibleAsync();
        Assert.Contains("Austr", chosen, StringComparison.Ordinal);
        await TabToAsync("Germany");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Remove filter Germany" })).ToBeVisibleAsync();
        await TodayAsync("Visits", "1");
    }

    [Fact]
    public async Task The_wall_has_the_same_numbers_and_nothing_to_press()
    {
        await VisitAsync("de", 3);
        await Page.GotoAsync($"{Footfall}/?site={Site}&wall");
        await Expect(Page.GetByRole(AriaRole.Region, new() { Name = "Countries today" })).ToContainTextAsync("Germany3");
        await Expect(Page.GetByRole(AriaRole.Navigation)).ToBeHiddenAsync();
        await VisitAsync("de");
        await Expect(Page.GetByRole(AriaRole.Region, new() { Name = "Countries today" })).ToContainTextAsync("Germany4");
        // Nothing is cut off, and nothing scrolls.
        Assert.True(await Page.EvaluateAsync<bool>(
            "document.documentElement.scrollHeight <= innerHeight && document.documentElement.scrollWidth <= innerWidth"));
        await Page.Keyboard.PressAsync("Escape");
        await Expect(Page.GetByRole(AriaRole.Navigation)).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(390, 844)]
    [InlineData(768, 1024)]
    [InlineData(1024, 768)]
    [InlineData(1366, 768)]
    [InlineData(1920, 1080)]
    public async Task The_wall_shows_whole_numbers_on_any_screen_and_can_be_left_without_a_mouse(int width, int height)
    {
        await SendAsync([.. Enumerable.Range(0, 3)
            .Select(i => new { name = "purchase", country = "DE", transaction_id = $"T-{i}", value = 218_765.4m, currency = "EUR" })]);
        await SendAsync([.. Enumerable.Range(0, 12_345).Select(i => new { name = "visit", country = "US" })]);
        var person = await NewPersonAsync(
            new() { ViewportSize = new() { Width = width, Height = height }, HasTouch = true, IsMobile = true });
        var page = await person.NewPageAsync();
        await page.GotoAsync($"{Footfall}/?site={Site}&wall");
        await Expect(page.GetByText("€656,296")).ToBeVisibleAsync();
        await Expect(page.GetByText("12,346").First).ToBeVisibleAsync();
        Assert.Equal("", await page.EvaluateAsync<string>("""
            [...document.querySelectorAll('main *')].filter(each =>
              each.children.length === 0 && each.textContent.trim() !== '' && each.closest('.sr-only') === null
            ).filter(each => {
              const box = each.getBoundingClientRect();
              return box.width > 0 && (box.right > innerWidth || box.bottom > innerHeight
                || each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0 || parseFloat(getComputedStyle(each).fontSize) < 11);
            }).map(each => each.textContent).join('; ')
            """));
        await page.GetByRole(AriaRole.Button, new() { Name = "Exit wall display" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Navigation)).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Wall display" })).ToBeVisibleAsync(new() { Visible = width >= 640 });
    }

    [Fact]
    public async Task Reduced_motion_is_respected()
    {
        const string Running =
            "JSON.stringify(document.getAnimations().filter(a => a.playState === 'running' && a.effect.getComputedTiming().duration > " +
            "10).map(a => a.animationName ?? a.transitionProperty))";
        await OpenAsync();
        await VisitAsync("de", 2);
        await TodayAsync("Visits", "2");
        Assert.Equal("[]", await Page.EvaluateAsync<string>(Running));
        // Others do get it: so that this looks where it is.
        await MoveAsync();
        await Expect(Page.Locator("canvas").First).ToBeVisibleAsync();
        await Eventually.BecomesAsync(async () => await Page.EvaluateAsync<string>(Running) != "[]", "something moves");
    }

    /// <summary>From here on motion is wanted.</summary>
    private Task MoveAsync() => Page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.NoPreference });

    private async Task OpenAsync()
    {
        await Page.GotoAsync($"{Footfall}/?site={Site}");
        await Expect(Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Live" })).ToBeVisibleAsync();
    }

    private async Task VisitAsync(string country, int count = 1)
    {
        for (var i = 0; i < count; i++)
        {
            using var answer = await Http.PostAsync($"/api/v1/stats?countryCode={country}&site={Site}", null, Stop);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        }
    }

    /// <summary>Waits until a number of today is so.</summary>
    private Task TodayAsync(string name, string value, IPage? page = null) =>
        Expect((page ?? Page).GetByRole(AriaRole.Heading, new() { Name = $"{name} today" }).Locator("xpath=following-sibling::p[1]"))
            .ToHaveTextAsync(value);

    /// <summary>Waits until a country's visits are so: now, today and of all time.</summary>
    private async Task RowAsync(string country, params string[] cells)
    {
        var row = Countries.Filter(new() { HasText = country });
        for (var i = 0; i < cells.Length; i++) await Expect(row.Locator("td").Nth(i)).ToHaveTextAsync(cells[i]);
    }

    private sealed record Refused(string Error, string Code);
}
