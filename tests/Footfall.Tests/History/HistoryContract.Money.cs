using Footfall.Common;
using Footfall.History;

namespace Footfall.Tests.History;

/// <content>Orders, refunds and products.</content>
public abstract partial class HistoryContract
{
    [Fact]
    public async Task A_transaction_is_bought_once_and_a_refund_takes_back_what_it_says()
    {
        TestItem[] lamp = [new TestItem("A", Price: 20, Quantity: 2)];
        await TakeAsync(Order(HitKind.Purchase, "T1", 50, 1, lamp), Order(HitKind.Purchase, "T1", 50, 2, lamp),
            Order(HitKind.Purchase, "T2", null, 3, lamp));
        await ReopenAsync();
        await TakeAsync(Order(HitKind.Purchase, "T1", 50, 4, lamp));
        Assert.Equal(["2 90 4"], await QueryRowsAsync([Metric.Orders, Metric.Revenue, Metric.Units]));
        // A part of T1, then what T2 was worth, without saying so.
        await TakeAsync(Order(HitKind.Refund, "T1", null, 5, new TestItem("A", Price: 20, Quantity: 1)),
            Order(HitKind.Refund, "T2", null, 6));
        Assert.Equal(["2 90 60 30"], await QueryRowsAsync([Metric.Orders, Metric.Revenue, Metric.Refunds, Metric.NetRevenue]));
    }

    [Fact]
    public async Task A_refund_that_names_no_amount_is_of_what_was_bought_and_not_refunded_yet()
    {
        TestItem chair = new("S1", "Chair", Price: 30, Quantity: 2), table = new("S2", Price: 40);
        await TakeAsync(Order(HitKind.Purchase, "T1", 100, -3_000, chair, table), Order(HitKind.Purchase, "T2", 75, -3_000, chair),
            Order(HitKind.Refund, "T2", null, -2_999));
        await ReopenAsync();
        // One of two chairs is returned; then the whole order is refunded, and that message arrives twice.
        await TakeAsync(Order(HitKind.Refund, "T1", null, -2_000, new TestItem("S1", Quantity: 1)));
        Assert.Equal(["2 175 105"], await QueryRowsAsync([Metric.Orders, Metric.Revenue, Metric.Refunds]));
        await TakeAsync(Order(HitKind.Refund, "T1", null, -1_900));
        await TakeAsync(Order(HitKind.Refund, "T1", null, -1_800),
            Order(HitKind.Refund, "T9", null, -1_800, new TestItem("S1", Quantity: 1)));
        await AskedAsync();
        Time.Advance(TimeSpan.FromSeconds(30));
        await TidyAsync();
        await AskedAsync();

        async Task AskedAsync()
        {
            Assert.Equal(["2 175 175"], await QueryRowsAsync([Metric.Orders, Metric.Revenue, Metric.Refunds]));
            Assert.Equal(["S1 2 120 90", "S2 1 40 0"], (await QueryRowsAsync([Metric.Orders, Metric.Revenue, Metric.Refunds],
                [DimensionKind.ItemId], Is(DimensionKind.ItemId, "S1", "S2"))).Order());
        }
    }

    [Fact]
    public async Task Money_is_reported_in_the_currency_it_was_sent_in()
    {
        await TakeAsync(
            Order(HitKind.Purchase, "T1", 5, 1), Order(HitKind.Purchase, "T2", 7,
                2) with
            { Texts = new() { [DetailField.TransactionId] = "T2", [DetailField.Currency] = "USD" } });
        var answer = await History.QueryAsync(CreateQuery([Metric.Revenue], [], null, Berlin), Stop);
        var money = Assert.IsType<Money>(Assert.Single(answer.Rows).Metrics[0]);
        Assert.Null(money.Total);
        Assert.Equal([("USD", 7m), ("EUR", 5m)], money.ByCurrency);
    }

    [Theory]
    [InlineData(1_000_000, 1)]
    [InlineData(50_000, 20)]
    [InlineData(999_999_999_999, 999_999_999_999)]
    public async Task Any_price_and_quantity_that_a_hit_may_have_can_be_added_up(long price, long quantity)
    {
        await TakeAsync(Order(HitKind.Purchase, "T1", null, -24 * 60, new TestItem("A", Price: price, Quantity: quantity)),
            Order(HitKind.Purchase, "T2", null, -24 * 60 + 1, new TestItem("A", Price: price)));
        var product = Math.Min((decimal)price * quantity, 999_999_999_999.999_999m);
        string[] expected = [FormattableString.Invariant($"A 2 {product + price:0.######}")];
        Assert.Equal(expected, await QueryRowsAsync([Metric.Orders, Metric.Revenue], [DimensionKind.ItemId]));
        await TidyAsync();
        Assert.Equal(expected, await QueryRowsAsync([Metric.Orders, Metric.Revenue], [DimensionKind.ItemId]));
    }

    [Fact]
    public async Task Hits_of_one_moment_keep_their_own_products()
    {
        TestHit At(HitKind kind, string path, string? transaction, decimal? value, params TestItem[] items) =>
            Page(Berlin, 1, path, -2_000) with
            {
                Kind = kind,
                Value = value,
                Items = items,
                Texts = new() { [DetailField.Path] = path, [DetailField.TransactionId] = transaction ?? "" }
            };
        await TakeAsync(
            At(HitKind.Purchase, "/x", "A", 10, new TestItem("S1", Price: 10, Quantity: 1)),
            At(HitKind.Purchase, "/y", "B", 20, new TestItem("S1", Price: 10, Quantity: 2)),
            At(HitKind.AddToCart, "/x", null, null, new TestItem("S1")), At(HitKind.AddToCart, "/y", null, null, new TestItem("S2")),
            At(HitKind.AddToCart, "/x", null, null, new TestItem("S1")), At(HitKind.AddToCart, "/x", null, null));
        await AskedAsync();
        Time.Advance(TimeSpan.FromSeconds(30));
        await TidyAsync();
        await AskedAsync();

        async Task AskedAsync()
        {
            Assert.Equal(["S1 2 3 30"], (await QueryRowsAsync([Metric.Orders, Metric.Units, Metric.Revenue], [DimensionKind.ItemId],
                Is(DimensionKind.ItemId, "S1", "S2"))).Order());
            Assert.Equal(["S1 /x 1 1 10", "S1 /y 1 2 20"],
                (await QueryRowsAsync([Metric.Orders, Metric.Units, Metric.Revenue], [DimensionKind.ItemId, DimensionKind.Page],
                    Is(DimensionKind.ItemId, "S1", "S2"))).Order());
            Assert.Equal(["20"], await QueryRowsAsync([Metric.Revenue], [], And(Is(DimensionKind.ItemId, "S1"), Pages("/y"))));
            Assert.Equal(["add_to_cart 2", "purchase 2"],
                (await QueryRowsAsync([Metric.Events], [DimensionKind.EventName], Is(DimensionKind.ItemId, "S1"))).Order());
            Assert.Equal(["4 3 30"],
                await QueryRowsAsync([Metric.Events, Metric.Units, Metric.Revenue], [], Is(DimensionKind.ItemId, "S1")));
        }
    }
}
