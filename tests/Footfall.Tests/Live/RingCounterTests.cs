using Footfall.Live;

namespace Footfall.Tests.Live;

public sealed class RingCounterTests
{
    private readonly RingCounter<int> _counter = new(window: 3, rows: 5);

    [Fact]
    public void Spans_within_the_window_add_up_and_older_ones_are_not_taken()
    {
        for (var number = 90; number <= 100; number++) _counter.Add(number, now: 100, slot: 0, 1);

        Assert.Equal(3, Sum(100));
        Assert.Equal(2, Sum(101));
        Assert.Equal(0, Sum(103));
        Assert.Equal(1, Sum(98));
    }

    [Fact]
    public void A_span_that_is_shown_is_kept_however_many_of_the_future_come()
    {
        for (var number = 98; number <= 100; number++) _counter.Add(number, now: 100, slot: 0, 1);
        for (var number = 101; number < 200; number++) _counter.Add(number, now: 100, slot: 0, 1);

        Assert.Equal(3, Sum(100));
    }

    [Fact]
    public void A_row_that_was_given_to_another_span_and_back_does_not_hold_what_was_in_it()
    {
        var stamp = _counter.Add(100, now: 100, slot: 0, 1);
        Assert.True(_counter.IsCurrent(100, stamp));
        for (var number = 200; number < 210; number++) _counter.Add(number, now: number, slot: 0, 1);
        Assert.False(_counter.IsCurrent(100, stamp));

        _counter.Add(100, now: 100, slot: 0, 1);

        Assert.False(_counter.IsCurrent(100, stamp));
        Assert.Equal(1, Sum(100));
    }

    [Fact]
    public void A_country_more_moves_no_count()
    {
        for (var slot = 0; slot < 300; slot++) _counter.Add(100 - slot % 3, now: 100, slot, slot);

        var counts = new int[300];
        _counter.SumTo(100, counts);
        Assert.Equal(Enumerable.Range(0, 300), counts);
        _counter.CopyTo(99, counts);
        Assert.Equal(Enumerable.Range(0, 300).Select(slot => slot % 3 == 1 ? slot : 0), counts);
    }

    private int Sum(long now)
    {
        var counts = new int[1];
        _counter.SumTo(now, counts);
        return counts[0];
    }
}
