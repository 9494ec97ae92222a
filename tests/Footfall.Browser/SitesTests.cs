using Microsoft.Playwright;

namespace Footfall.Browser;

/// <summary>A server that counts for the shops of its settings.</summary>
public sealed class SitesTests(Chromium chromium) : BrowserTest(chromium)
{
    protected override string Site => "shop.example";

    protected override (string Name, string Value)[] Settings =>
        [("Footfall__Sites__0__Domain", "shop.example"), ("Footfall__Sites__1__Domain", "apples.example")];

    [Theory]
    [InlineData("/")]
    [InlineData("/analytics")]
    public async Task An_address_without_a_shop_opens_the_first_of_the_settings(string path)
    {
        await SendAsync(new { url = "/lamps", country = "DE" });
        await Page.GotoAsync(Footfall + path);
        var shops = Page.GetByRole(AriaRole.Combobox, new() { Name = "Shop" });
        var germany = Page.GetByRole(AriaRole.Rowheader, new() { NameRegex = new("Germany") }).First;
        await Expect(shops).ToHaveValueAsync("shop.example");
        await Expect(shops.GetByRole(AriaRole.Option)).ToHaveTextAsync(["shop.example", "apples.example"]);
        await Expect(germany).ToBeVisibleAsync();
        await shops.SelectOptionAsync("apples.example");
        await Expect(germany).ToHaveCountAsync(0);
    }
}
