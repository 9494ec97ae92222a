using System.Text;
using Footfall.Common;
using Footfall.History.Rollups;
using Footfall.History.Schema;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests.History.Rollups;

public sealed class RetentionTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 10, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Hits_that_are_too_old_go_with_their_texts_and_the_file_gets_smaller()
    {
        using var data = new TemporaryDirectory();
        var file = Path.Combine(data, HistoryDatabase.FileName);
        await using (var app = FootfallApp.Start(new FakeTimeProvider(Start), data, ("History:Enabled", "true")))
        {
            // Props that no rollup has: half a kilobyte each, so that the file has some megabytes.
            for (var part = 0; part < 4; part++)
                await ShopFixture.SendAsync(app.Http, string.Join('\n', Enumerable.Range(0, 10_000)
                    .Select(i => $$"""{"name":"visit","country":"DE","props":{"who":"{{Text(part * 10_000 + i)}}"} }""")));
            await ShopFixture.WaitForHistoryAsync(app.Http);
        }
        var before = new FileInfo(file).Length;
        Assert.True(before > 12 << 20, $"The file has only {before} bytes.");
        await using (var later =
            FootfallApp.Start(new FakeTimeProvider(Start.AddDays(4)), data, ("History:Enabled", "true"), ("History:HitsDays", "2")))
        {
            await Eventually.BecomesAsync(() => Task.FromResult(new FileInfo(file).Length < before / 2), "the file gets smaller");
            // Queries of the day use its rollup, and new hits are numbered from the start again.
            await ShopFixture.SendAsync(later.Http,
                """{"name":"visit","country":"FR","url":"https://x.example/new","props":{"who":"new"}}""");
            await ShopFixture.WaitForHistoryAsync(later.Http);
            Assert.Equal(["DE 40000", "FR 1"], (await ShopFixture.QueryAsync(later.Http, "default", "\"visits\"",
                "\"visit:country\"")).AsArray().Select(row => $"{row!["dimensions"]![0]} {row["metrics"]![0]}"));
            Assert.Contains("/new", (await ShopFixture.QueryAsync(later.Http, "default", "\"visits\"", "\"event:page\"")).ToJsonString());
        }
        Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Text(39_999))) < 0, "A prop is still in the file.");
    }

    [Fact]
    public void Every_column_that_holds_texts_is_known()
    {
        using var data = new TemporaryDirectory();
        using var database = new HistoryDatabase(Options.Create(new FootfallOptions { DataDirectory = data }));
        database.Open();
        using var connection = database.Connect();
        string[] visit = ["source", "channel", "referrer", "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "browser",
            "browser_version", "os", "os_version", "device", "screen", "language"];
        string[] expected =
        [
            .. Of("hits", "page", "host", "name", "props", "currency"), .. Of("items", "product", "currency"), .. Of("orders", "currency"),
            .. Of("bots", "page"), .. Of("removed_orders", "currency"),
            .. Of("opened", visit), .. Of("visits", [.. visit, "entry_page", "exit_page", "entry_host", "exit_host"]),
            .. Of("products", "id", "item_id", "name", "category", "brand", "variant"), .. Of("props", "set", "name", "value"),
            .. Rollup.Families.SelectMany(family =>
                (string[])[$"r_{family}.value", $"f_{family}.value", $"m_{family}.value", $"m_{family}.currency"]),
        ];
        Assert.Equal(expected.Order(), StringTableCleanup.FindTextColumns(connection).Order());
    }

    private static IEnumerable<string> Of(string table, params string[] columns) => columns.Select(column => $"{table}.{column}");

    /// <summary>Something that does not compress well.</summary>
    private static string Text(int number)
    {
        var bytes = new byte[300];
        new Random(number).NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }
}
