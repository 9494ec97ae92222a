using Footfall.Journal.Redis;
using Footfall.Tests.Ingest;
using Footfall.Tests.Journal.Redis;
using StackExchange.Redis;

namespace Footfall.Tests.Keys;

/// <summary>What an attacker sends never makes a shop's own hits duplicates, on both journals.</summary>
public abstract class ForgedKeyContract
{
    private const string Shop = "shop.example";

    private protected abstract FootfallApp Start();

    /// <summary>Without a secret this id has the hash of this transaction.</summary>
    [Fact]
    public async Task No_id_takes_the_place_of_a_transaction()
    {
        await using var app = Start();
        (await app.PostEventsAsync(Page("e$2u-{k7"))).AssertBatch(accepted: 1);
        (await app.PostEventsAsync(Purchase("8545"))).AssertBatch(accepted: 1);
        (await app.PostEventsAsync(Purchase("8545"))).AssertBatch(accepted: 0, duplicates: 1);
    }

    [Fact]
    public async Task An_id_a_transaction_and_an_Idempotency_Key_may_be_the_same_text()
    {
        await using var app = Start();
        for (var time = 0; time < 2; time++)
        {
            Assert.Equal("""{"us":1}""", (await app.PostVisitAsync($"?countryCode=us&site={Shop}", key: "1001")).Text);
            (await app.PostEventsAsync(Page("1001"))).AssertBatch(accepted: 1 - time, duplicates: time);
            (await app.PostEventsAsync(Purchase("1001"))).AssertBatch(accepted: 1 - time, duplicates: time);
        }
    }

    [Fact]
    public async Task Keys_are_known_to_another_process()
    {
        await using (var app = Start()) await SendAsync(app, 1);
        await using var next = Start();
        await SendAsync(next, 0);
    }

    private protected static async Task SendAsync(FootfallApp app, int accepted)
    {
        (await app.PostEventsAsync(Page("a"))).AssertBatch(accepted, 1 - accepted);
        (await app.PostEventsAsync(Purchase("a"))).AssertBatch(accepted, 1 - accepted);
        Assert.Equal("""{"us":1}""", (await app.PostVisitAsync($"?countryCode=us&site={Shop}", key: "a")).Text);
    }

    private static string Page(string id) => $$"""{"site":"{{Shop}}","url":"https://{{Shop}}/","id":"{{id}}"}""";

    private static string Purchase(string transaction) =>
        $$"""{"site":"{{Shop}}","name":"purchase","transaction_id":"{{transaction}}","value":5,"currency":"EUR"}""";
}

public sealed class ForgedKeyTests : ForgedKeyContract, IDisposable
{
    private readonly TemporaryDirectory _data = new();

    private protected override FootfallApp Start() => FootfallApp.Start(null, _data);

    public void Dispose() => _data.Dispose();
}

public sealed class ForgedKeyOnRedisTests(RedisServer server) : ForgedKeyContract, IClassFixture<RedisServer>
{
    private readonly string _prefix = $"test-{Guid.NewGuid():N}"[..20];

    private protected override FootfallApp Start() =>
        FootfallApp.Start(("Journal", "Redis"), ("Redis", server.Connection), ("Redis:Prefix", _prefix));

    [Fact]
    public async Task Nodes_share_the_secret()
    {
        await using var a = Start();
        await using var b = Start();
        await SendAsync(a, 1);
        await SendAsync(b, 0);
        Assert.Equal(32, (await server.Client.HashGetAsync($"{_prefix}:journal", "secret")).ToString().Length);
    }

    [Fact]
    public async Task Keys_that_nodes_of_before_have_stored_are_known()
    {
        var (redis, shard) = (server.Client, new RedisKeys(_prefix, 16).ShardOf("shop.example"));
        await redis.HashSetAsync($"{_prefix}:journal", [new("id", Guid.NewGuid().ToString()), new("shards", 16), new("format", 1)]);
        await StoreAsync(UnkeyedHash.HashEventId("shop.example", "a"), "0");
        await StoreAsync(UnkeyedHash.HashTransaction("shop.example", "a"), "0");
        await StoreAsync(UnkeyedHash.HashHeader("shop.example", "a"), "US1");
        await using (var first = Start()) await SendAsync(first, 0);
        await using var second = Start();
        await SendAsync(second, 0);
        Assert.True((await redis.HashGetAsync($"{_prefix}:journal", "unkeyed")).HasValue);

        Task StoreAsync(ulong hash, string answer)
        {
            var name = new RedisKey($"{_prefix}:{{{shard}}}:k:").Append(BitConverter.GetBytes(hash));
            return redis.StringSetAsync(name, answer, TimeSpan.FromHours(5));
        }
    }
}
