using CsCheck;
using Footfall.Api.Query;
using Footfall.Common;
using Footfall.History;

namespace Footfall.Tests.Api.Query;

/// <summary>Properties of days and hours in zones with odd offsets and odd changes of the clock.</summary>
public sealed class SiteCalendarTests
{
    private static readonly Gen<TimeZoneInfo> Zones = Gen.OneOf(
        TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), TimeZoneInfo.FindSystemTimeZoneById("America/New_York"),
        TimeZoneInfo.FindSystemTimeZoneById("Australia/Lord_Howe"), TimeZoneInfo.FindSystemTimeZoneById("Asia/Kathmandu"),
        TimeZoneInfo.FindSystemTimeZoneById("America/Santiago"), TimeZoneInfo.FindSystemTimeZoneById("America/Havana"),
        TimeZoneInfo.FindSystemTimeZoneById("Pacific/Apia"), TimeZoneInfo.Utc);

    /// <summary>2010 to 2037.</summary>
    private static readonly Gen<int> Days = Gen.Int[14_610, 24_800];

    [Fact]
    public void A_day_begins_with_its_first_moment() =>
        Gen.Select(Zones, Days).Sample((zone, day) =>
        {
            var calendar = new SiteCalendar(zone);
            var start = calendar.StartOf(day);
            Assert.True(calendar.DayOf(start) >= day);
            Assert.True(calendar.DayOf(start - 1) < day);
            Assert.Equal(0, start % 60_000);
        });

    [Fact]
    public void A_day_that_the_zone_skips_has_no_label()
    {
        var calendar = new SiteCalendar(TimeZoneInfo.FindSystemTimeZoneById("Pacific/Apia"));
        var (first, last) = (LocalDay.Of(new DateOnly(2011, 12, 29)), LocalDay.Of(new DateOnly(2011, 12, 31)));
        Assert.Equal(["2011-12-29", "2011-12-31"], TimeLabels.Create(DimensionKind.Day, calendar, calendar.PeriodOfDays(first, last)));
    }

    [Fact]
    public void Days_follow_each_other_and_have_23_to_25_hours() =>
        Gen.Select(Zones, Days).Sample((zone, day) =>
        {
            var calendar = new SiteCalendar(zone);
            var length = calendar.StartOf(day + 1) - calendar.StartOf(day);
            if (calendar.HasDay(day)) Assert.InRange(length, 23 * SiteCalendar.Hour, 25 * SiteCalendar.Hour);
            else Assert.Equal(0, length);
            Assert.Equal(calendar.PeriodOfDays(day, day), new Period(calendar.StartOf(day), calendar.StartOf(day) + length, (day, day)));
        });

    [Fact]
    public void The_hours_of_a_day_are_those_that_some_minute_of_it_shows() =>
        Gen.Select(Zones, Days).Sample((zone, day) =>
        {
            var calendar = new SiteCalendar(zone);
            var period = calendar.PeriodOfDays(day, day);
            var shown = new SortedSet<long>();
            for (var minute = period.From; minute < period.Until; minute += 60_000)
            {
                var local = calendar.ToLocal(minute);
                shown.Add(local - local % SiteCalendar.Hour);
            }
            Assert.Equal(shown, calendar.LocalUnits(period.From, period.Until, SiteCalendar.Hour));
        }, iter: 300);

    [Fact]
    public void The_labels_of_a_period_are_distinct_in_order_and_begin_and_end_with_it() =>
        Gen.Select(Zones, Days, Gen.Int[0, 120], Gen.OneOf(DimensionKind.Hour, DimensionKind.Day, DimensionKind.Week, DimensionKind.Month))
            .Sample((zone, first, more, kind) =>
        {
            var calendar = new SiteCalendar(zone);
            var period = calendar.PeriodOfDays(first, first + more);
            if (period.From == period.Until) return;
            var labels = TimeLabels.Create(kind, calendar, period);
            Assert.Equal(labels.Distinct().Order(StringComparer.Ordinal), labels);
            if (kind == DimensionKind.Day) Assert.Equal(Enumerable.Range(first, more + 1).Count(calendar.HasDay), labels.Count);
            if (kind == DimensionKind.Week) Assert.All(labels.Skip(1), label =>
                Assert.Equal(DayOfWeek.Monday, DateOnly.Parse(label, System.Globalization.CultureInfo.InvariantCulture).DayOfWeek));
            if (kind == DimensionKind.Month) Assert.All(labels, label => Assert.EndsWith("-01", label));
            if (kind == DimensionKind.Hour) Assert.StartsWith(LocalDay.DateOf(calendar.DayOf(period.From))
                .ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), labels[0]);
        }, iter: 300);

    [Fact]
    public void Mondays_are_ISO_Mondays() =>
        Gen.Int[-800_000, 2_500_000].Where(day => day > -719_000).Sample(day =>
        {
            var monday = LocalDay.DateOf(SiteCalendar.MondayOf(day));
            Assert.Equal(DayOfWeek.Monday, monday.DayOfWeek);
            Assert.InRange(day - LocalDay.Of(monday), 0, 6);
        });

    [Fact]
    public void The_day_is_that_of_the_site_itself() =>
        Gen.Select(Zones, Gen.Long[0, 4_000_000_000_000]).Sample((zone, moment) =>
            Assert.Equal(new Site(1, "shop.example", zone, "EUR").DayOf(moment), new SiteCalendar(zone).DayOf(moment)));
}
