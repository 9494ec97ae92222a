using System.Globalization;
using Footfall.Tests;
using Microsoft.Playwright;

namespace Footfall.Browser;

/// <summary>What the tracker counts.</summary>
public sealed class TrackerTests(Chromium chromium) : TrackerTest(chromium)
{
    [Fact]
    public async Task A_page_view_is_counted_with_its_path()
    {
        await OpenAsync("/lamps?token=secret");
        var live = await LiveAsync(live => live.PageViews == 1, "the page view is counted");
        Assert.Equal((1, "page_view /lamps"), (live.Visits, Assert.Single(live.Hits)));
        await Eventually.BecomesAsync(async () => await QueryAsync("pageviews", "event:page") is ["/lamps 1"], "the history has it");
    }

    [Fact]
    public async Task Navigation_within_a_page_is_counted_when_the_path_changes()
    {
        await OpenAsync("/");
        await PushAsync("/lamps");
        await PushAsync("/lamps?sort=price");
        await Page.EvaluateAsync("history.replaceState({}, '', '/lamps?sort=name')");
        await Page.EvaluateAsync("history.replaceState({}, '', '/lamps/desk')");
        await Page.GoBackAsync();
        Assert.Equal("/ 1, /lamps 2, /lamps/desk 1", await PagesAsync());
        Assert.Equal("1", Assert.Single(await QueryAsync("visits")));
    }

    [Fact]
    public async Task A_page_that_comes_back_from_the_cache_of_the_browser_is_looked_at_again()
    {
        await OpenAsync("/lamps");
        // The browser of the tests has no such cache: the event is how a page knows.
        await Page.EvaluateAsync("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))");
        await LiveAsync(live => live.PageViews == 2, "two page views are counted");
    }

    [Fact]
    public async Task A_page_that_is_rendered_beforehand_counts_when_it_is_seen()
    {
        await Page.AddInitScriptAsync(
            "document.early = location.pathname === '/early'; Object.defineProperty(Document.prototype, 'prerendering', {get() { return " +
            "this.early; }})");
        Shop.Page("/early", """<script>dataLayer = [{event: 'view_item', ecommerce: {items: [{item_id: 'A'}]}}]</script>""");
        await OpenAsync("/early");
        Assert.Equal(0, await Page.EvaluateAsync<int>(
            "performance.getEntriesByType('resource').filter(entry => entry.name.includes('/events')).length"));
        Assert.Empty((await LiveAsync()).Hits);
        await Page.EvaluateAsync("document.early = false; document.dispatchEvent(new Event('prerenderingchange'))");
        await LiveAsync(live =>
            string.Join(", ", live.Hits) == "page_view /early, view_item /early", "the page view is counted, and what came before it");
    }

    [Theory]
    [InlineData("""dataLayer.push({event: 'purchase', ecommerce: {transaction_id: 'T-1', value: 59.9, currency: 'EUR', items: """ +
        """[{item_id: 'SKU1', price: 29.95, quantity: 2}]}})""")]
    [InlineData("""(function gtag() { dataLayer.push(arguments); })('event', 'purchase', {transaction_id: 'T-1', value: '59.90', """ +
        """currency: 'eur', items: [{item_id: 'SKU1', price: 29.95, quantity: 2}]})""")]
    public async Task A_purchase_in_the_data_layer_is_counted_with_its_revenue(string push)
    {
        await OpenAsync("/thanks");
        await Page.EvaluateAsync(push);
        await LiveAsync(live => live is { Orders: 1, Revenue: 59.9m, PageViews: 1 }, "the order is counted");
        await Eventually.BecomesAsync(async () => await QueryAsync("orders,units") is ["1 2"], "the history has it");
    }

    [Fact]
    public async Task A_thank_you_page_that_is_loaded_again_is_no_second_order()
    {
        Shop.Page("/thanks", $"<script>{Purchase}</script>");
        await OpenAsync("/thanks");
        await AllAnsweredAsync();
        await Page.ReloadAsync();
        Assert.Equal("/thanks 2", await PagesAsync());
        Assert.Equal("1 2", await OrdersAsync());
        Assert.Equal(59.9m, (await LiveAsync()).Revenue);
    }

    [Fact]
    public async Task All_events_of_a_shop_are_taken_from_the_data_layer()
    {
        Shop.Page("/", """<script>dataLayer = [{event: 'view_item', ecommerce: {items: [{item_id: 'A'}]}}]</script>""");
        await OpenAsync("/");
        foreach (var name in (string[])["add_to_cart", "remove_from_cart", "begin_checkout", "purchase", "refund"])
            await Page.EvaluateAsync(
                "name => dataLayer.push({event: name, ecommerce: {transaction_id: 'T', value: 10, currency: 'EUR', items: [{item_id: 'A'," +
                " price: 10}]}})", name);
        await LiveAsync(live => live is { Carts: 1, Checkouts: 1, Orders: 1 }, "cart, checkout and order are counted");
        await Eventually.BecomesAsync(async () => await QueryAsync("events,orders") is ["7 1"], "the history has all seven events");
    }

    [Fact]
    public async Task Events_of_the_shop_itself_are_counted_those_before_the_script_too()
    {
        Shop.Page("/", "<script>window.footfall = window.footfall || function () { (footfall.q = footfall.q || []).push(arguments) }; " +
            "footfall('early', {props: {plan: 'gold'}})</script>");
        await OpenAsync("/");
        await Page.EvaluateAsync("footfall('late')");
        await LiveAsync(live => string.Join(", ", live.Hits) == "page_view /, early /, late /", "both events are counted");
        await Eventually.BecomesAsync(async () =>
            (await QueryAsync("events", "event:props:plan")).Contains("gold 1"), "the history has the prop");
    }

    [Fact]
    public async Task What_a_shop_passes_can_never_throw_into_its_page()
    {
        await OpenAsync("/");
        Assert.Equal("fine", await Page.EvaluateAsync<string>("""
            () => {
              const circle = {}; circle.circle = circle;
              footfall('circle', {props: circle});
              footfall(null, 7);
              footfall();
              for (const entry of [null, 0, 'event', circle, {event: circle}, {event: 'page', ecommerce: {items: circle}}, () => {}])
                dataLayer.push(entry);
              for (const event of [Symbol('purchase'), Object.create(null)]) dataLayer.push({event});
              dataLayer.push({get event() { throw new Error('of the shop'); }});
              return 'fine';
            }
            """));
        // And blocks nothing.
        Assert.Equal("/ 1", await PagesAsync());
    }

    [Theory]
    [InlineData("window.dataLayer = {}")]
    [InlineData("window.dataLayer = [{event: Symbol('purchase')}, {get event() { throw new Error('of the shop'); }}]")]
    public async Task Whatever_the_data_layer_is_the_shop_can_tell_its_own_events(string layer)
    {
        Shop.Page("/", $"<script>{layer}</script>");
        await OpenAsync("/");
        await Page.EvaluateAsync("footfall('signup')");
        await LiveAsync(live => string.Join(", ", live.Hits) == "page_view /, signup /", "both are counted");
    }

    [Fact]
    public async Task An_order_counts_whatever_is_odd_in_it()
    {
        await OpenAsync("/thanks");
        await Page.EvaluateAsync("""
            () => {
              const order = (id, value, items) => dataLayer.push({event: 'purchase',
                ecommerce: {transaction_id: id, value, currency: 'EUR', items}});
              order(1, '59,90', [{item_id: 'A', item_name: 'Desk\nlamp', item_variant: false, item_category: ['Home'], price: ''}]);
              order(2, '1,259.90', [null, {id: 'B', name: 'Lamp \ud83d'}, {item_id: 'DISCOUNT', price: -5}, {price: 3}]);
              order(3, 10, Array.from({length: 250}, (_, i) => ({item_id: i, item_name: 'L'.repeat(600), item_brand: '漢'.repeat(600)})));
              dataLayer.push({ecommerce: {transaction_id: 'T-4', value: 20, currency: 'EUR', items: [{item_id: 'C'}]}});
              dataLayer.push({event: 'purchase'});
            }
            """);
        await LiveAsync(live => live is { Orders: 4, Revenue: 1349.8m }, "all four orders are counted");
        await AllAnsweredAsync();
    }

    [Fact]
    public async Task Engagement_time_and_scroll_depth_are_sent_when_the_page_is_left()
    {
        await Page.Clock.InstallAsync();
        Shop.Page("/long", "<div style='height: 400vh'></div>");
        await OpenAsync("/long");
        await Page.EvaluateAsync("scrollTo(0, 1e6)");
        await Page.Clock.FastForwardAsync(42_000);
        await PushAsync("/next");
        await Page.Clock.RunForAsync(100);
        await Eventually.BecomesAsync(async () =>
            (await QueryAsync("time_on_page,scroll_depth", "event:page")).Any(row => row.Split(' ') is ["/long", var seconds, "100"]
                && int.Parse(seconds, CultureInfo.InvariantCulture) >= 42), "the history has 42 seconds and the whole page");
    }

    [Theory]
    [InlineData("footfall.js", "footfall.js")]
    [InlineData("footfall.js", "footfall-pageviews.js")]
    [InlineData("footfall-pageviews.js", "footfall-pageviews.js")]
    public async Task The_tag_twice_counts_once(string first, string second)
    {
        Shop.Page("/", $"""<script defer src="{Footfall}/{first}" data-site="shop.example"></script>""");
        Shop.Script = second;
        await OpenAsync("/");
        await PushAsync("/b");
        Assert.Equal("/ 1, /b 1", await PagesAsync());
    }

    [Fact]
    public async Task With_hash_routing_what_follows_the_hash_is_the_path()
    {
        Shop.Tag += " data-hash";
        await OpenAsync("/#/lamps");
        await Page.EvaluateAsync("location.hash = '#/lamps/desk?color=red'");
        await LiveAsync(live => string.Join(", ", live.Hits) == "page_view /lamps, page_view /lamps/desk", "both pages are counted");
    }

    [Fact]
    public async Task The_smaller_file_counts_page_views_and_events()
    {
        Shop.Script = "footfall-pageviews.js";
        await OpenAsync("/");
        await PushAsync("/lamps");
        await Page.EvaluateAsync("footfall('signup')");
        // Each goes by itself, and they may overtake each other.
        await LiveAsync(live => string.Join(", ", live.Hits.Order(StringComparer.Ordinal))
            == "page_view /, page_view /lamps, signup /lamps", "all three are counted");
    }

    [Fact]
    public async Task Pages_that_the_shop_excludes_are_not_counted()
    {
        Shop.Tag += " data-exclude=\"/admin/**, /cart, /käse/**,\"";
        await OpenAsync("/admin/orders/7");
        await OpenAsync("/käse/brie");
        await Page.EvaluateAsync("footfall('secret')");
        await PushAsync("/cart");
        await PushAsync("/lamps");
        Assert.Equal("/lamps 1", await PagesAsync());
        Assert.DoesNotContain("secret", (await LiveAsync()).ToString());
    }

    [Fact]
    public async Task A_path_in_other_letters_is_counted_as_it_is_read()
    {
        await OpenAsync("/käse");
        await SendAsync(new { url = "/käse" });
        Assert.Equal("/käse 2", await PagesAsync());
    }

    [Theory]
    [InlineData("", "localStorage.footfall_ignore = 'true'", "delete localStorage.footfall_ignore")]
    [InlineData("data-respect-dnt", "Object.defineProperty(navigator, 'doNotTrack', {value: '1', configurable: true})",
        "delete navigator.doNotTrack")]
    [InlineData("data-respect-gpc", "Object.defineProperty(navigator, 'globalPrivacyControl', {value: true, configurable: true})",
        "delete navigator.globalPrivacyControl")]
    public async Task Who_does_not_want_to_be_counted_is_not(string option, string refuse, string allow)
    {
        Shop.Tag += $" {option}";
        await Page.AddInitScriptAsync($"if (location.pathname === '/secret') {refuse}");
        await OpenAsync("/secret");
        await Page.EvaluateAsync("footfall('secret')");
        await Page.EvaluateAsync(allow);
        await PushAsync("/open");
        Assert.Equal("/open 1", await PagesAsync());
        Assert.DoesNotContain("secret", (await LiveAsync()).ToString());
    }

    [Fact]
    public async Task The_signals_count_only_where_the_shop_honours_them()
    {
        await Page.AddInitScriptAsync(
            "Object.defineProperty(navigator, 'globalPrivacyControl', {value: true}); Object.defineProperty(navigator, 'doNotTrack', " +
            "{value: '1'})");
        await OpenAsync("/");
        await LiveAsync(live => live.PageViews == 1, "the page is counted");
    }

    [Fact]
    public async Task A_bot_is_in_no_visit()
    {
        var robot = await NewPersonAsync(new()
        {
            UserAgent =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36"
        });
        await (await robot.NewPageAsync()).GotoAsync(Shop.Address + "/robot");
        await Eventually.BecomesAsync(async () => (await Http.GetStringAsync("/metrics", Stop)).Contains(
            "footfall_bot_hits_total{reason=\"user_agent\"} 1", StringComparison.Ordinal), "the robot is counted as one");
        Assert.Equal(0, (await LiveAsync()).Visits);
    }
}
