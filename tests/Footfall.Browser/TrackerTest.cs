using Footfall.Tests;
using Microsoft.Playwright;

namespace Footfall.Browser;

/// <summary>A person in a shop that has the tracker.</summary>
public abstract class TrackerTest(Chromium chromium) : BrowserTest(chromium)
{
    /// <summary>An order as shops push it, by the way that Google Tag Manager has.</summary>
    protected const string Purchase = """
        dataLayer = window.dataLayer || [];
        dataLayer.push({ecommerce: null});
        dataLayer.push({event: 'purchase', ecommerce: {transaction_id: 'T-1', value: 59.9, currency: 'EUR', tax: 9.56,
          items: [{item_id: 'SKU1', item_name: 'Lamp', price: 29.95, quantity: 2, item_list_name: 'Home'}]}});
        """;

    /// <summary>The hits that wait in the browser.</summary>
    private const string Waiting =
        "Object.keys(sessionStorage).filter(key => key.startsWith('footfall:')).map(key => JSON.parse(sessionStorage[key]))";

    internal ShopServer Shop { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Shop = await ShopServer.StartAsync(() => Footfall);
    }

    protected override ValueTask CleanAsync() => Shop.DisposeAsync();

    protected Task OpenAsync(string path) => Page.GotoAsync(Shop.Address + path);

    protected Task PushAsync(string path) => Page.EvaluateAsync("path => history.pushState({}, '', path)", path);

    /// <summary>Waits until the tracker has a response to everything it sent.</summary>
    protected Task AllAnsweredAsync() =>
        Page.WaitForFunctionAsync($"() => window.footfall && {Waiting}.length === 0", null, new() { PollingInterval = 20 });

    /// <summary>
    /// Waits until so many hits are kept by the browser; how long pages were looked at, which depends on the machine, does not count.
    /// </summary>
    protected Task WaitingAsync(int hits) =>
        Page.WaitForFunctionAsync($"hits => {Waiting}.filter(hit => hit.name !== 'engagement').length === hits", hits,
            new() { PollingInterval = 20 });

    /// <summary>
    /// Waits until the tracker has a response to everything, and the history has a page view after all that: nothing more can come, and
    /// what it has is what was counted.
    /// </summary>
    /// <returns>The paths with their page views, most first.</returns>
    protected async Task<string> PagesAsync()
    {
        await AllAnsweredAsync();
        await PushAsync("/done");
        await Eventually.BecomesAsync(async () =>
            (await QueryAsync("pageviews", "event:page")).Contains("/done 1"), "the history has the last page");
        return string.Join(", ", (await QueryAsync("pageviews", "event:page")).Where(row =>
            row != "/done 1" && !row.EndsWith(" 0", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    /// <summary>The orders of today, and what they sold; after <see cref="PagesAsync"/> all of them.</summary>
    protected async Task<string> OrdersAsync() => Assert.Single(await QueryAsync("orders,units"));
}
