using Footfall.Tests.History;
using Footfall.Tests.Ingest;

namespace Footfall.Tests.Journal.Redis;

/// <summary>An unsuitable Redis, and the error message of a node. Each test has a Redis of its own.</summary>
public sealed class RedisStartupTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_waits_for_as_many_replicas_as_the_setting_says()
    {
        await using var server = await RedisServer.StartAsync();
        await using var app = Start(server, ("Redis:MinReplicas", "1"), ("Redis:TimeoutSeconds", "1"));
        var refused = await app.PostVisitAsync("?countryCode=us", "the-key");
        refused.AssertRejected(HttpStatusCode.ServiceUnavailable, "JOURNAL_UNCERTAIN");

        await using var replica = await RedisServer.StartAsync("--replicaof", "127.0.0.1", $"{server.Port}");
        await Eventually.BecomesAsync(async () =>
            (await app.PostVisitAsync("?countryCode=us", "the-key")).Status == HttpStatusCode.Created, "the replica confirms");
        Assert.Equal(1, (await app.StatsAsync())["us"]);
    }

    [Fact]
    public async Task A_missing_Redis_at_the_start_is_reported_with_a_message()
    {
        var sentence = await EndsWithAsync($"127.0.0.1:{RedisServer.FreePort()}");
        Assert.Contains("can't be used", sentence, StringComparison.Ordinal);
        Assert.Contains("Footfall__Redis__Connection", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("abortConnect", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("redis://user:s3cretpw@127.0.0.1:7103/0", "is not a URL")]
    [InlineData("user:s3cretpw@127.0.0.1:7103", "is not a URL")]
    [InlineData("127.0.0.1:1,s3cretpw", "Redis at 127.0.0.1:1 can't be used: nothing accepts connections there")]
    [InlineData("127.0.0.1:1,pass=s3cretpw", "can't be read at the option pass")]
    [InlineData("127.0.0.1:1,ssl=s3cretpw", "can't be read at the option ssl")]
    public async Task What_may_be_a_password_is_never_printed(string connection, string told)
    {
        var sentence = await EndsWithAsync(connection);
        Assert.Contains(told, sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cretpw", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", ",ssl=true", "Does this port use TLS")]
    [InlineData("--requirepass right", "", "Redis requires a password")]
    [InlineData("--requirepass right", ",password=wrong", "rejects the password")]
    [InlineData("--user default on nopass ~* &* +@all -echo", "", "may not run ECHO")]
    [InlineData("--user default on nopass ~* &* +@all -info", "", "may not run INFO")]
    [InlineData("--user default on nopass ~* &* +@all -pexpire", "", "may not run PEXPIRE")]
    [InlineData("--user default on nopass ~* &* +@all -memory", "", "may not run MEMORY USAGE")]
    [InlineData("--user default on nopass ~* &* +@all -eval", "", "may not run EVAL")]
    [InlineData("--user default on nopass ~other* &* +@all", "", "may not access the keys")]
    [InlineData("", ",defaultDatabase=99", "has no database 99")]
    public async Task Each_reason_why_a_Redis_can_not_be_used_has_its_own_message(string settings, string options, string told)
    {
        await using var server = await RedisServer.StartAsync(settings.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var sentence = await EndsWithAsync(server.Connection + options);
        Assert.Contains(told, sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("abortConnect", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HSET footfall:journal id nonsense", "is not that of a Footfall journal")]
    [InlineData("SET footfall:journal x", "has the wrong type")]
    [InlineData("SET footfall:readers x", "footfall:readers")]
    public async Task Data_of_another_program_under_the_name_is_reported_with_a_message(string command, string told)
    {
        await using var server = await RedisServer.StartAsync();
        var words = command.Split(' ');
        await server.Client.ExecuteAsync(words[0], [.. words[1..]]);
        var sentence = await EndsWithAsync(server.Connection);
        Assert.Contains(told, sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_user_of_the_documentation_may_do_all_that_a_node_does()
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "yes");
        var line = (await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "docs", "redis.md"), Stop)).Single(line =>
            line.StartsWith("ACL SETUSER ", StringComparison.Ordinal));
        await server.Client.ExecuteAsync("ACL", [.. line.Split(' ')[1..]]);
        await server.Client.ExecuteAsync("ACL", "SETUSER", "default", "off");
        using var data = new TemporaryDirectory();
        await using var program = await FootfallProcess.StartAsync(
            data, null, ("Footfall__Journal", "Redis"),
            ("Footfall__Redis__Connection", $"{server.Connection},user=footfall,password=secret"),
            ("Footfall__RateLimit__PerMinute", "1000"), ("Footfall__RateLimit__Scope", "Cluster"));
        for (var i = 1; i <= 3; i++)
        {
            using var visit = await program.Http.PostAsync("/api/v1/stats?countryCode=us", null, Stop);
            Assert.Equal(HttpStatusCode.Created, visit.StatusCode);
        }
        await program.Http.EventsAsync(new { url = "https://shop.example/", country = "FR" });
        Assert.Equal(new Dictionary<string, long> { ["us"] = 3, ["fr"] = 1 }, await program.StatsAsync());
        await Eventually.BecomesAsync(async () => await program.Http.QueryRowsAsync("visits") is ["4"], "the history has them");
        await program.SignalAsync("TERM");
        await program.WaitForExitAsync();
        Assert.DoesNotContain("docs/redis.md", program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("warn:", program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("fail:", program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Redis_that_throws_keys_away_is_refused_at_the_start()
    {
        await using var server = await RedisServer.StartAsync("--maxmemory-policy", "allkeys-lru");
        var sentence = await EndsWithAsync(server.Connection);
        Assert.Contains("Set maxmemory-policy noeviction", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_number_of_shards_is_refused_at_the_start()
    {
        await using var server = await RedisServer.StartAsync();
        await Start(server).DisposeAsync();
        var sentence = await EndsWithAsync(server.Connection, ("Footfall__Redis__Shards", "8"));
        Assert.Contains("has 16 shards", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Redis_that_keeps_nothing_on_disk_and_an_option_that_is_passed_over_are_warned_of()
    {
        await using var server = await RedisServer.StartAsync();
        using var data = new TemporaryDirectory();
        await using var program = await FootfallProcess.StartAsync(data, null, ("Footfall__Journal", "Redis"),
            ("Footfall__Redis__Connection", $"{server.Connection},AsyncTimeout=100"));
        await Eventually.BecomesAsync(
            () => Task.FromResult(program.Output.Contains("Set appendonly yes", StringComparison.Ordinal)
                && program.Output.Contains("asyncTimeout in Footfall__Redis__Connection is ignored", StringComparison.Ordinal)),
            "the warnings");
        await program.SignalAsync("TERM");
        await program.WaitForExitAsync();
        Assert.Equal(0, program.ExitCode);
    }

    private static FootfallApp Start(RedisServer server, params (string, string)[] settings) =>
        FootfallApp.Start([("Journal", "Redis"), ("Redis:Connection", server.Connection), .. settings]);

    private static async Task<string> EndsWithAsync(string connection, params (string, string)[] settings)
    {
        using var data = new TemporaryDirectory();
        await using var program =
            FootfallProcess.Launch(data, null, [("Footfall__Journal", "Redis"), ("Footfall__Redis__Connection", connection), .. settings]);
        await program.WaitForExitAsync();
        Assert.Equal(1, program.ExitCode);
        Assert.DoesNotContain("   at ", program.Output, StringComparison.Ordinal);
        return program.Output;
    }
}
