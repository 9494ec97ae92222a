using Footfall.Journal.Redis;
using Footfall.Tests.History;
using Footfall.Tests.Journal.Redis;
using Footfall.Tests.Live;
using Microsoft.Data.Sqlite;

namespace Footfall.Tests.Commands;

/// <summary>
/// What <c>footfall delete-site</c> does with the journal on Redis, and the output of commands that need the files of a journal.
/// </summary>
public sealed class DeleteSiteOnRedisTests(RedisServer redis) : IClassFixture<RedisServer>, IDisposable
{
    private const string Gone = "gone.example";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private readonly string _prefix = $"test-{Guid.NewGuid():N}"[..20];
    private readonly TemporaryDirectory _one = new(), _two = new();

    /// <summary>In the same streams as the site that is deleted.</summary>
    private static readonly string Other = Enumerable.Range(0, 1_000).Select(i => $"other-{i}.example")
        .First(site => Keys.ShardOf(site) == Keys.ShardOf(Gone));

    private static RedisKeys Keys => new("footfall", 16);

    public void Dispose()
    {
        _one.Dispose();
        _two.Dispose();
    }

    [Fact]
    public async Task A_site_is_deleted_on_all_nodes_and_from_all_histories_and_counted_from_zero_afterwards()
    {
        await using var one = Start(_one);
        await using var ingest = FootfallApp.Start(Settings);
        string other;
        await using (var two = Start(_two))
        {
            await FillAsync(ingest);
            foreach (var node in (FootfallApp[])[one, two]) await HasEventsAsync(node, Gone, 8);
            other = await ShopFixture.DescribeAsync(two.Http, Other);
        }
        await using var live = await SseStream.OpenAsync(ingest, $"?site={Gone}");
        await live.WaitUntilAsync(picture => picture.Total("us") == 5);

        Assert.Contains("Deleted all data of gone.example: 7 visits, 8 hits", await DeleteAsync(_one));

        await live.WaitUntilAsync(picture => picture.Total("us") == 0);
        await HasEventsAsync(one, Gone, 0);
        foreach (var node in (FootfallApp[])[one, ingest]) Assert.Empty(await node.StatsAsync(Gone));
        Assert.Empty(redis.Admin.Keys(pattern: $"{_prefix}*{Gone}*"));
        await ingest.VisitAsync("us", 2, Gone);
        await live.WaitUntilAsync(picture => picture.Total("us") == 2 && picture.Today("us") == 2);

        // One that was away meanwhile, and one that is new: they start with what is in the streams.
        using var newest = new TemporaryDirectory();
        await using var late = Start(_two);
        await using var fresh = Start(newest);
        foreach (var node in (FootfallApp[])[one, late, fresh])
        {
            await HasEventsAsync(node, Gone, 2);
            Assert.Equal(new Dictionary<string, long> { ["us"] = 2 }, await node.StatsAsync(Gone));
            Assert.Equal(other, await ShopFixture.DescribeAsync(node.Http, Other));
            await using var stream = await SseStream.OpenAsync(node, $"?site={Gone}");
            await stream.WaitUntilAsync(picture =>
                picture.Total("us") == 2 && picture.Today("us") == 2 && picture.Minutes("us").Sum() == 2 && picture.Total("fr") == 0);
        }
    }

    [Fact]
    public async Task Without_a_server_the_command_does_it_by_itself()
    {
        await using (var node = Start(_one))
        {
            await FillAsync(node);
            await HasEventsAsync(node, Gone, 8);
        }
        Assert.Contains("Deleted all data of gone.example: 7 visits, 8 hits", await DeleteAsync(_one, CommandSettings));
        Assert.Contains("no data of gone.example", await DeleteAsync(_two, CommandSettings));
        await using var again = Start(_one);
        await HasEventsAsync(again, Gone, 0);
        Assert.Equal(2, (await again.StatsAsync(Other))["us"]);
    }

    [Fact]
    public async Task A_history_that_was_killed_before_it_deleted_the_site_does_it_when_it_starts()
    {
        await using (var node = Start(_one))
        {
            await FillAsync(node);
            await HasEventsAsync(node, Gone, 8);
        }
        // The state after the deletion is recorded and before it runs.
        await using (var positions = new SqliteConnection($"Data Source={Path.Combine(_one, StreamOffsetStore.FileName)};Pooling=False"))
        {
            await positions.OpenAsync(Stop);
            await using var command = positions.CreateCommand();
            command.CommandText = $"INSERT INTO deletions VALUES ('{Gone}')";
            await command.ExecuteNonQueryAsync(Stop);
        }
        await using var again = Start(_one);
        await HasEventsAsync(again, Gone, 0);
        await HasEventsAsync(again, Other, 3);
        await again.VisitAsync("us", 1, Gone);
        await HasEventsAsync(again, Gone, 1);
    }

    [Fact]
    public async Task A_node_that_is_killed_at_any_moment_has_deleted_all_or_nothing_in_the_end()
    {
        var random = new Random(6);
        (string, string)[] settings = [.. Settings, ("RateLimit:PerMinute", "0")];
        for (var round = 0; round < 4; round++)
        {
            string other;
            await using (var node = await FootfallProcess.StartAsync(_one, settings: settings))
            {
                await ShopFixture.FillAsync(node.Http, Gone, 300, $"round-{round}");
                await ShopFixture.FillAsync(node.Http, Other, 5, $"round-{round}");
                other = await ShopFixture.DescribeAsync(node.Http, Other);
                await ShopFixture.WaitForHistoryAsync(node.Http);
                var deleting = FootfallCommand.RunAsync(_one, ["delete-site", Gone, "--yes", .. CommandSettings]);
                // Every moment matters; the test waits for none in particular.
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 300)), TimeProvider.System, Stop);
                await node.KillAsync();
                await deleting;
            }
            await using (var node = await FootfallProcess.StartAsync(_one, settings: settings))
            {
                // Redis has done all of it or nothing, and the history follows.
                var visits = (await StatsAsync(node, Gone)).Values.Sum();
                Assert.Contains(visits, new long[] { 0, 301 });
                await ShopFixture.WaitForHistoryAsync(node.Http);
                Assert.Equal(visits, await HitsAsync(node, Gone));
                await DeleteAsync(_one, CommandSettings);
                await Eventually.BecomesAsync(async () => await HitsAsync(node, Gone) == 0, "the history has deleted it");
                Assert.Empty(await StatsAsync(node, Gone));
                Assert.Equal(other, await ShopFixture.DescribeAsync(node.Http, Other));
            }
        }
    }

    [Theory]
    [InlineData("backup", "back up the files of Redis")]
    [InlineData("restore", "restore the files of Redis")]
    [InlineData("rebuild-history", "delete history.duckdb and positions.db")]
    public async Task A_command_that_works_with_the_files_of_a_journal_says_what_to_do_instead(string command, string instead)
    {
        var path = Path.Combine(_two, "there");
        Assert.Contains(instead, (await FootfallCommand.RunAsync(_one, [command, path, .. CommandSettings])).HasExitCode(1).Output,
            StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_two));
    }

    [Fact]
    public async Task A_server_gives_a_backup_the_same_error()
    {
        await using var node = Start(_one);
        var output = (await FootfallCommand.RunAsync(_one, "backup", Path.Combine(_two, "there"))).HasExitCode(1).Output;
        Assert.Contains("back up the files of Redis", output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_two));
    }

    private (string, string)[] Settings => [("Journal", "Redis"), ("Redis:Connection", redis.Connection), ("Redis:Prefix", _prefix)];

    private string[] CommandSettings => [.. Settings.Select(setting => $"--Footfall:{setting.Item1}={setting.Item2}")];

    private FootfallApp Start(string data) => FootfallApp.Start(null, data, [.. Settings, ("History:Enabled", "true")]);

    /// <summary>7 visits and 8 hits of the deleted site, 3 visits of the other one.</summary>
    private static async Task FillAsync(FootfallApp node)
    {
        await node.VisitAsync("us", 5, Gone);
        await node.VisitAsync("us", 2, Other);
        await node.Http.EventsAsync(
            $$"""{"url":"https://{{Gone}}/a","country":"FR","site":"{{Gone}}"}""",
            $$"""{"url":"https://{{Gone}}/b","country":"FR","site":"{{Gone}}"}""",
            $$"""{"url":"https://{{Other}}/a","country":"FR","site":"{{Other}}"}""",
            $$"""{"name":"visit","country":"DE","site":"{{Gone}}"}""");
    }

    private static async Task<string> DeleteAsync(string data, params string[] settings) =>
        (await FootfallCommand.RunAsync(data, ["delete-site", Gone, "--yes", .. settings])).HasExitCode(0).Output;

    private static async Task<Dictionary<string, long>> StatsAsync(FootfallProcess node, string site) =>
        (await node.Http.GetFromJsonAsync<Dictionary<string, long>>($"/api/v1/stats?site={site}", Stop))!;

    /// <summary>The visits that the history has.</summary>
    private static async Task<long> HitsAsync(FootfallProcess node, string site)
    {
        await ShopFixture.WaitForHistoryAsync(node.Http);
        return (await ShopFixture.QueryAsync(node.Http, site, "\"visits\"", "")).AsArray().Sum(row => (long?)row!["metrics"]![0] ?? 0);
    }

    private static Task HasEventsAsync(FootfallApp node, string site, int events) => Eventually.BecomesAsync(
        async () =>
        {
            await ShopFixture.WaitForHistoryAsync(node.Http);
            var rows = (await ShopFixture.QueryAsync(node.Http, site, "\"events\"", "\"visit:country\"")).AsArray();
            return rows.Sum(row => (long)row!["metrics"]![0]!) == events;
        },
        $"{events} hits of {site} are in the history");
}
