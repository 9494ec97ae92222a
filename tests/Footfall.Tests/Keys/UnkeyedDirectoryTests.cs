using System.IO.Compression;
using Footfall.Commands;
using Footfall.Tests.History;
using Footfall.Tests.Ingest;
using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests.Keys;

/// <summary>
/// A data directory that the program made before installations had secrets: <c>unkeyed.zip</c>, with an export of that time.
/// <c>shop.example</c> has a visit with the Idempotency-Key old-header, two in a batch with old-batch, a page view with the id
/// old-event, and the purchases 1001 (items of 19.9 twice and 20.1) and 1002 (30).
/// </summary>
public sealed class UnkeyedDirectoryTests : IDisposable
{
    private const string Shop = "shop.example";

    private readonly TemporaryDirectory _data = new(), _other = new(), _files = new();

    /// <summary>Some minutes after it was made.</summary>
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 30, 22, 40, 0, TimeSpan.Zero));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public UnkeyedDirectoryTests()
    {
        var zip = Path.Combine(AppContext.BaseDirectory, "Keys", "unkeyed.zip");
        foreach (var directory in (string[])[_data, _other]) ZipFile.ExtractToDirectory(zip, directory);
    }

    [Fact]
    public async Task Keys_are_known_for_the_rest_of_their_day_and_orders_for_good()
    {
        for (var start = 0; start < 2; start++)
        {
            await using var app = Start(_data);
            Assert.Equal("""{"us":1}""", (await app.PostVisitAsync($"?countryCode=us&site={Shop}", key: "old-header")).Text);
            var visit = $$"""{"site":"{{Shop}}","name":"visit","country":"FR"}""";
            var batch = await app.PostAsync("/api/v1/events", new StringContent($"[{visit},{visit}]"), ("Idempotency-Key", "old-batch"));
            batch.AssertBatch(accepted: 0, duplicates: 2);
            (await app.PostEventsAsync($$"""{"site":"{{Shop}}","url":"/a","id":"old-event"}""")).AssertBatch(accepted: 0, duplicates: 1);
            (await app.PostEventsAsync(Order("purchase", "1001"))).AssertBatch(accepted: 0, duplicates: 1);
        }
        _time.Advance(TimeSpan.FromHours(23));
        await using var late = Start(_data);
        _time.Advance(TimeSpan.FromHours(2));
        // The journal no longer knows them; the history does.
        (await late.PostEventsAsync(Order("purchase", "1001"))).AssertBatch(accepted: 1);
        (await late.PostEventsAsync(Order("purchase", "1003"))).AssertBatch(accepted: 1);
        (await late.PostEventsAsync(Order("refund", "1001"))).AssertBatch(accepted: 1);
        await late.Http.CaughtUpAsync();
        Assert.Equal(["94.9 EUR|59.9 EUR|3"], await late.Http.QueryRowsAsync("revenue,refunds,orders", site: Shop));
        // Nothing of it is left.
        (await late.PostEventsAsync(Order("refund", "1001"))).AssertBatch(accepted: 1);
        await late.Http.CaughtUpAsync();
        Assert.Equal(["94.9 EUR|59.9 EUR|3"], await late.Http.QueryRowsAsync("revenue,refunds,orders", site: Shop));
    }

    [Fact]
    public async Task An_export_distinguishes_orders_without_revealing_them()
    {
        string[] mine, others;
        await using (var app = Start(_data)) mine = Hashes(await ExportAsync(app));
        await using (var app = Start(_other)) others = Hashes(await ExportAsync(app));
        string[] old = [UnkeyedHash.HashForExport("1001"), UnkeyedHash.HashForExport("1002")];
        Assert.Equal(old, Hashes(await File.ReadAllTextAsync(Path.Combine(_data, "hits.ndjson"), Stop)));
        Assert.Equal(6, ((string[])[.. old, .. mine, .. others]).Distinct().Count());
        // Also of later orders.
        await using (var app = Start(_data)) mine = await BoughtAsync(app);
        await using (var app = Start(_other)) others = await BoughtAsync(app);
        Assert.Equal((3, 3), (mine.Length, others.Length));
        Assert.Equal(7, ((string[])[.. mine, .. others, UnkeyedHash.HashForExport("1003")]).Distinct().Count());

        static async Task<string[]> BoughtAsync(FootfallApp app)
        {
            (await app.PostEventsAsync(Order("purchase", "1003"))).AssertBatch(accepted: 1);
            return Hashes(await ExportAsync(app));
        }
    }

    [Fact]
    public async Task A_history_that_is_rebuilt_of_old_or_new_exports_is_the_same()
    {
        string export;
        await using (var app = Start(_data)) export = await ExportAsync(app);
        var file = Path.Combine(_files, "new.ndjson");
        await File.WriteAllTextAsync(file, export, Stop);
        foreach (var from in (string[])[Path.Combine(_data, "hits.ndjson"), file])
        {
            var output = new StringWriter();
            Assert.True(await CommandLineApp.RunAsync(["rebuild-history", from, "-d", _data], output, output) == 0, output.ToString());
            foreach (var kept in Directory.GetFiles(_data, "*.before-*")) File.Delete(kept);
            await using var app = Start(_data);
            Assert.Equal(export, await ExportAsync(app));
        }
        _time.Advance(TimeSpan.FromHours(25));
        await using var last = Start(_data);
        (await last.PostEventsAsync(Order("refund", "1001"))).AssertBatch(accepted: 1);
        (await last.PostEventsAsync(Order("purchase", "1002"))).AssertBatch(accepted: 1);
        await last.Http.CaughtUpAsync();
        Assert.Equal(["89.9 EUR|59.9 EUR|2"], await last.Http.QueryRowsAsync("revenue,refunds,orders", site: Shop));
    }

    public void Dispose()
    {
        foreach (var directory in (TemporaryDirectory[])[_data, _other, _files]) directory.Dispose();
    }

    private FootfallApp Start(string data) => FootfallApp.Start(_time, data, ("History:Enabled", "true"));

    private static string Order(string name, string transaction) =>
        $$"""{"site":"{{Shop}}","name":"{{name}}","transaction_id":"{{transaction}}"{{(name == "purchase" ? ",\"value\":5" : "")}}}""";

    private static async Task<string> ExportAsync(FootfallApp app)
    {
        await app.Http.CaughtUpAsync();
        return await app.Http.GetStringAsync($"/api/v1/export?site_id={Shop}&date_range=all&format=ndjson", Stop);
    }

    private static string[] Hashes(string export) =>
        [.. export.Split("\"transaction_hash\":\"").Skip(1).Select(rest => rest[..16])];
}
