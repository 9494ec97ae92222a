using System.Globalization;
using System.Text;
using Footfall.Commands;
using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests.History;

/// <summary>Imports of days long ago into a history that keeps hits and rollups for a while only.</summary>
public sealed class LateImportTests : IDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    /// <summary>The second day of a month that is over, at least 40 days ago, so that days around it are of the same month.</summary>
    private static readonly DateOnly Day = new DateOnly(Now.Year, Now.Month, 2).AddMonths(-2);

    private readonly TemporaryDirectory _data = new(), _files = new();
    private readonly FakeTimeProvider _time = new(Now);
    private int _orders;

    public void Dispose()
    {
        _data.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task Orders_of_a_day_whose_hits_are_gone_are_added_to_its_rollups()
    {
        await using (var app = Start())
        {
            await OrdersAsync(0, Day, 20, Day.AddDays(1), 10);
            await TidyAsync(app);
            Assert.Equal(["30|300 EUR"], await QueryRowsAsync(app));
        }
        await using (var app = Start(("HitsDays", "30")))
        {
            await GoneAsync(app);
            Assert.Equal(["30|300 EUR"], await QueryRowsAsync(app));
        }
        await using (var app = Start())
        {
            await OrdersAsync(0, Day, 5);
            await app.Http.CaughtUpAsync();
            string[] days = [$"{Day:yyyy-MM-dd}|25|250 EUR", $"{Day.AddDays(1):yyyy-MM-dd}|10|100 EUR"];
            Assert.Equal(["35|350 EUR"], await QueryRowsAsync(app));
            Assert.Equal(days, await QueryRowsAsync(app, "time:day"));
            await TidyAsync(app, minutes: 10);
            Assert.Equal(["35|350 EUR"], await QueryRowsAsync(app));
            Assert.Equal(days, await QueryRowsAsync(app, "time:day"));
            Assert.Equal([$"{Day:yyyy-MM}-01|35|350 EUR"], await QueryRowsAsync(app, "time:month"));
            Assert.Equal(["Lamp|35|350 EUR"], await QueryRowsAsync(app, "item:name"));
        }
    }

    [Fact]
    public async Task An_import_of_days_older_than_hits_are_kept_is_added_up_before_they_go()
    {
        await using var app = Start(("HitsDays", "30"));
        await OrdersAsync(0, Day, 7);
        await TidyAsync(app);
        Assert.Equal(["7|70 EUR"], await QueryRowsAsync(app));
        await GoneAsync(app);
        Assert.Equal(["7|70 EUR"], await QueryRowsAsync(app));
        Assert.Equal(7, (await app.StatsAsync()).Values.Sum());
        Assert.Equal(0, await app.Http.MetricAsync("footfall_history_hits_beyond_retention_total"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Orders_too_old_to_be_kept_wait_for_another_setting(bool running)
    {
        var file = Write(Orders(Day, 3) + Orders(DateOnly.FromDateTime(Now.UtcDateTime).AddDays(-3), 2));
        var app = running ? Start(("HitsDays", "10"), ("RollupsDays", "20")) : null;
        var output = await RunAsync(1, ["import", "orders", file, "--Footfall:History:HitsDays=10", "--Footfall:History:RollupsDays=20"]);
        if (app is not null)
        {
            Assert.Equal(2, (await app.StatsAsync()).Values.Sum());
            await app.DisposeAsync();
        }
        Assert.Contains("2 in 2 purchases and 0 refunds", output);
        Assert.Contains("3 left out: in 3 orders from before", output);
        Assert.Contains("Footfall__History__RollupsDays higher", output);
        output = await RunAsync(0, ["import", "orders", file]);
        Assert.Contains("3 in 3 purchases", output);
        Assert.Contains("2 in 2 orders that were imported before", output);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_log_too_old_to_be_kept_is_rejected_whole(bool running)
    {
        var file = Write(Line(Day, 1) + Line(Day, 2) + Line(DateOnly.FromDateTime(Now.UtcDateTime).AddDays(-3), 3));
        string[] settings = ["--Footfall:History:HitsDays=10", "--Footfall:History:RollupsDays=20"];
        var app = running ? Start(("HitsDays", "10"), ("RollupsDays", "20")) : null;
        var output = await RunAsync(1, ["import", "access-log", file, .. settings]);
        if (app is not null)
        {
            Assert.Empty(await app.StatsAsync());
            await app.DisposeAsync();
        }
        Assert.Contains("has 2 page views from before", output);
        Assert.Contains("keep 20 days. Nothing was imported.", output);
        // With a history that keeps everything, or without one, the whole log is imported.
        Assert.Contains("3 page views", await RunAsync(0, ["import", "access-log", file, "--site", "kept.example"]));
        Assert.Contains("3 page views", await RunAsync(0,
            ["import", "access-log", file, "--site", "counted.example", .. settings, "--Footfall:History:Enabled=false"]));
        output = await RunAsync(0, ["import", "access-log", file, "--leave-out-old", .. settings]);
        Assert.Contains("1 page view", output);
        Assert.Contains("2 left out: older than the retention of the history", output);
    }

    [Fact]
    public async Task Hits_too_old_to_be_kept_are_left_out_and_reported()
    {
        // The command knows nothing of the settings of the server.
        await OrdersAsync(0, Day, 3);
        await using var app = Start(("HitsDays", "10"), ("RollupsDays", "20"));
        await app.Http.CaughtUpAsync();
        Assert.Equal(3, await app.Http.MetricAsync("footfall_history_hits_beyond_retention_total"));
        Assert.Equal(["0|0 EUR"], await QueryRowsAsync(app));
    }

    [Fact]
    public async Task Rollups_stay_as_long_as_the_hits_of_their_day()
    {
        await using var app = Start(("RollupsDays", "20"));
        await OrdersAsync(0, Day, 4, DateOnly.FromDateTime(Now.UtcDateTime).AddDays(-3), 2);
        await TidyAsync(app);
        await RetentionAsync(app);
        Assert.Equal(["6|60 EUR"], await QueryRowsAsync(app));
        Assert.Equal(["DE|6|60 EUR"], await QueryRowsAsync(app, "visit:country"));
        Assert.Equal(["Lamp|A|6|60 EUR"], await QueryRowsAsync(app, "item:name,item:id"));
    }

    [Fact]
    public async Task Days_that_are_forgotten_leave_the_rest_of_their_month()
    {
        var last = Day.AddDays(20);
        await using (var app = Start())
        {
            await OrdersAsync(0, Day, 4, last, 2);
            await TidyAsync(app);
            Assert.Equal([$"{Day:yyyy-MM}-01|6|60 EUR"], await QueryRowsAsync(app, "time:month"));
        }
        var age = DateOnly.FromDateTime(Now.UtcDateTime).DayNumber - last.DayNumber;
        await using (var app = Start(("HitsDays", "1"), ("RollupsDays", $"{age + 1}")))
        {
            await Eventually.BecomesAsync(async () =>
                (await QueryRowsAsync(app)).SequenceEqual(["2|20 EUR"]), "the first day is forgotten");
            Assert.Equal([$"{Day:yyyy-MM}-01|2|20 EUR"], await QueryRowsAsync(app, "time:month"));
            await TidyAsync(app);
            Assert.Equal([$"{Day:yyyy-MM}-01|2|20 EUR"], await QueryRowsAsync(app, "time:month"));
        }
        await using (var app = Start())
        {
            await OrdersAsync(0, last, 3, Day, 5);
            await TidyAsync(app, minutes: 10);
            Assert.Equal([$"{Day:yyyy-MM}-01|10|100 EUR"], await QueryRowsAsync(app, "time:month"));
            Assert.Equal([$"{Day:yyyy-MM-dd}|5|50 EUR", $"{last:yyyy-MM-dd}|5|50 EUR"], await QueryRowsAsync(app, "time:day"));
        }
    }

    [Fact]
    public async Task A_deleted_site_starts_from_zero_even_on_days_whose_hits_were_deleted()
    {
        await using (var app = Start())
        {
            await OrdersAsync(0, Day, 4);
            await TidyAsync(app);
        }
        await using (var app = Start(("HitsDays", "30"))) await GoneAsync(app);
        await RunAsync(0, ["delete-site", "default", "--yes"]);
        await using (var app = Start())
        {
            await OrdersAsync(0, Day, 3);
            await TidyAsync(app);
            Assert.Equal(["3|30 EUR"], await QueryRowsAsync(app));
            // Of its hits, as of any other day.
            Assert.Equal(["Lamp|A|3|30 EUR"], await QueryRowsAsync(app, "item:name,item:id"));
        }
    }

    private FootfallApp Start(params (string Name, string Value)[] history) =>
        FootfallApp.Start(_time, _data,
            [("History:Enabled", "true"), .. history.Select(setting => ($"History:{setting.Name}", setting.Value))]);

    /// <summary>Waits until the finished days are rolled up.</summary>
    private async Task TidyAsync(FootfallApp app, int minutes = 1)
    {
        await app.Http.CaughtUpAsync();
        _time.Advance(TimeSpan.FromMinutes(minutes));
        await Eventually.BecomesAsync(async () => await app.Http.MetricAsync("footfall_history_days_open") == 0, "the days are added up");
        // Months are rolled up after days, at most every minute.
        _time.Advance(TimeSpan.FromMinutes(2));
        await RetentionAsync(app);
    }

    /// <summary>Waits until retention has run.</summary>
    private async Task RetentionAsync(FootfallApp app)
    {
        var turns = await app.Http.MetricAsync("footfall_history_projection_duration_seconds_count");
        _time.Advance(TimeSpan.FromHours(1.1));
        // What it would have done is done before a later hit is taken.
        await app.VisitAsync("FR", site: "other.example");
        await app.Http.CaughtUpAsync();
        await app.VisitAsync("FR", site: "other.example");
        await app.Http.CaughtUpAsync();
        Assert.True(await app.Http.MetricAsync("footfall_history_projection_duration_seconds_count") >= turns + 2);
    }

    private async Task GoneAsync(FootfallApp app)
    {
        await RetentionAsync(app);
        Assert.Empty(await QueryRowsAsync(app, "item:name,item:id"));
    }

    private static Task<string[]> QueryRowsAsync(FootfallApp app, string dimensions = "") =>
        app.Http.QueryRowsAsync("orders,revenue", dimensions, more: dimensions.Length == 0 ? ""
            : $",\"order_by\":[[\"{dimensions.Split(',')[0]}\",\"asc\"]]");

    private async Task OrdersAsync(int exitCode, DateOnly day, int count) =>
        await RunAsync(exitCode, ["import", "orders", Write(Orders(day, count))]);

    private async Task OrdersAsync(int exitCode, DateOnly day, int count, DateOnly other, int more) =>
        await RunAsync(exitCode, ["import", "orders", Write(Orders(day, count) + Orders(other, more))]);

    private string Orders(DateOnly day, int count) => string.Concat(Enumerable.Range(0, count).Select(_ =>
        string.Create(CultureInfo.InvariantCulture, $"{++_orders},A,Lamp,1,{day:yyyy-MM-dd} 10:{_orders % 60:00},10,DE\n")));

    private static string Line(DateOnly day, int visitor) =>
        string.Create(CultureInfo.InvariantCulture,
            $"198.51.100.{visitor} - - [{day:dd'/'MMM'/'yyyy}:10:00:00 +0000] \"GET /page HTTP/1.1\" 200 100 \"-\" \"Mozilla/5.0 (X11; " +
            $"Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0\"\n");

    private string Write(string lines)
    {
        var path = Path.Combine(_files, $"{Guid.NewGuid():N}");
        File.WriteAllText(path, lines.StartsWith("198", StringComparison.Ordinal) ? lines
            : "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,Country\n" + lines, Encoding.UTF8);
        return path;
    }

    private async Task<string> RunAsync(int exitCode, string[] command)
    {
        var output = new StringWriter();
        var code = await CommandLineApp.RunAsync([.. command, "-d", _data], output, output);
        Assert.True(exitCode == code, output.ToString());
        return output.ToString();
    }
}
