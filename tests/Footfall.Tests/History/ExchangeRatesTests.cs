using Footfall.History;

namespace Footfall.Tests.History;

public sealed class ExchangeRatesTests
{
    private static readonly int Monday = new DateOnly(2026, 11, 23).DayNumber - new DateOnly(1970, 1, 1).DayNumber;

    [Fact]
    public void A_rate_with_a_date_holds_until_the_next_one()
    {
        var rates = ExchangeRates.Parse(["date,currency,rate", "2026-11-25,USD,2", "2026-11-23,USD,1.25"]);
        Assert.Equal(8m, rates.Convert(10, "USD", "EUR", Monday));
        Assert.Equal(8m, rates.Convert(10, "USD", "EUR", Monday + 1));
        Assert.Equal(5m, rates.Convert(10, "USD", "EUR", Monday + 2));
        Assert.Equal(5m, rates.Convert(10, "USD", "EUR", Monday + 1000));
        Assert.Null(rates.Convert(10, "USD", "EUR", Monday - 1));
        Assert.True(rates.VaryByDay);
    }

    [Fact]
    public void A_rate_without_a_date_holds_where_there_is_none_with_one()
    {
        var rates = ExchangeRates.Parse(["", "# from the bank", "USD,4", " 2026-11-23 , USD , 2 "]);
        Assert.Equal(2.5m, rates.Convert(10, "USD", "EUR", Monday - 1));
        Assert.Equal(5m, rates.Convert(10, "USD", "EUR", Monday));
        Assert.False(ExchangeRates.Parse(["currency,rate", "USD,4"]).VaryByDay);
    }

    [Fact]
    public void Two_currencies_meet_at_the_base()
    {
        var rates = ExchangeRates.Parse(["base,CHF", "USD,1.25", "GBP,0.5"]);
        Assert.Equal(4m, rates.Convert(10, "USD", "GBP", 0));
        Assert.Equal(25m, rates.Convert(10, "GBP", "USD", 0));
        Assert.Equal(8m, rates.Convert(10, "USD", "CHF", 0));
        Assert.Equal(12.5m, rates.Convert(10, "CHF", "USD", 0));
    }

    [Fact]
    public void A_missing_rate_converts_nothing()
    {
        Assert.Null(ExchangeRates.Parse(["USD,1.25"]).Convert(10, "USD", "GBP", 0));
        Assert.Null(ExchangeRates.Empty.Convert(10, "USD", "EUR", 0));
        Assert.Equal(10m, ExchangeRates.Empty.Convert(10, "USD", "USD", 0));
    }

    [Fact]
    public void Large_amounts_stay_exact() =>
        Assert.Equal(123_456_789_012_345_678.91m, ExchangeRates.Parse(["USD,1"]).Convert(123_456_789_012_345_678.91m, "USD", "EUR", 0));

    [Theory]
    [InlineData("0.0000000000000000000000000001", "1000000000000", "USD", "GBP")]
    [InlineData("0.0000000000000000000000000001", "0.0000000000000000000000000001", "USD", "GBP")]
    [InlineData("1000000000000", "1000000000000", "USD", "GBP")]
    [InlineData("1000000000000", "0.0000000000000000000000000001", "USD", "GBP")]
    public void The_largest_sums_and_the_strangest_rates_convert_to_some_number(string usd, string gbp, string from, string to)
    {
        var rates = ExchangeRates.Parse([$"USD,{usd}", $"GBP,{gbp}"]);
        foreach (var amount in (decimal[])[0, 0.000001m, 1, 999_999_999_999.999_999m, 9_999_999_999_999_999_999_999m])
        {
            Assert.InRange(rates.Convert(amount, from, to, 0)!.Value, 0, 1_000_000_000_000_000_000_000m);
            Assert.InRange(rates.Convert(-amount, from, to, 0)!.Value, -1_000_000_000_000_000_000_000m, 0);
        }
    }

    [Theory]
    [InlineData("USD", "line 2 must be date,currency,rate or currency,rate")]
    [InlineData("2026-13-01,USD,1", "line 2 has the date \"2026-13-01\", but a date must be written like 2026-11-24")]
    [InlineData("USD,0", "line 2 has the rate \"0\", but a rate must be a number above 0, such as 1.0512")]
    [InlineData("USD,-1", "line 2 has the rate \"-1\", but a rate must be a number above 0, such as 1.0512")]
    [InlineData("USD,1e3", "line 2 has the rate \"1e3\", but a rate must be a number above 0, such as 1.0512")]
    [InlineData("USD,1;5", "line 2 has the rate \"1;5\", but a rate must be a number above 0, such as 1.0512")]
    [InlineData("usd,1", "line 2 has the currency \"usd\", which is not an ISO 4217 code")]
    [InlineData("XQQ,1", "line 2 has the currency \"XQQ\", which is not an ISO 4217 code")]
    [InlineData("base,EURO", "line 2 has the currency \"EURO\", which is not an ISO 4217 code")]
    [InlineData("GBP,2", "line 2 has a second rate of GBP for the same day")]
    public void A_wrong_line_is_reported_with_a_message(string line, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<FormatException>(() => ExchangeRates.Parse(["GBP,1", line])).Message);
}
