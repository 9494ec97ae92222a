using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Footfall.Common;
using Footfall.Journal;
using Footfall.Journal.Sqlite;
using Footfall.Tests.Ingest;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Footfall.Tests.EndToEnd;

/// <summary>
/// Random and hostile requests to every endpoint. FOOTFALL_FUZZ_SEED repeats a run (but for the order in which clients come to the turn),
/// and FOOTFALL_FUZZ_ITERATIONS makes it longer.
/// </summary>
public sealed partial class FuzzTests
{
    private const int Clients = 4;
    private const string Good = "good.example";

    private static readonly int Seed = Setting("FOOTFALL_FUZZ_SEED", Random.Shared.Next());
    private static readonly int Iterations = Setting("FOOTFALL_FUZZ_ITERATIONS", 200);

    private readonly FootfallApp _app = FootfallApp.Start();
    private long _counted;

    /// <summary>
    /// The most hits that may be counted without an answer: requests pipelined behind a live stream that the client leaves.
    /// </summary>
    private long _unanswered;

    [Fact]
    public async Task Whatever_is_sent_is_answered_without_an_error_of_the_server_and_counted_exactly()
    {
        await using var app = _app;
        TestContext.Current.SendDiagnosticMessage($"FOOTFALL_FUZZ_SEED={Seed}");
        // The place of the good site is taken before others take all of them.
        await app.VisitAsync("us", site: Good);
        var slow = await HoldAsync(30);

        await Task.WhenAll([
            .. Enumerable.Range(0, Clients).Select(number => Task.Run(() => SocketsAsync(new HostileInput(new Random(Seed + number))))),
            .. Enumerable.Range(0, Clients).Select(number => Task.Run(() => EventsAsync(new Random(Seed - number - 1)))),
            GoodVisitsAsync(Iterations),
        ]);
        foreach (var client in slow) client.Abort();

        await app.VisitAsync("us", 9, Good);
        Assert.True(app.GetVisits("US", Good) == Iterations + 10, Say($"{app.GetVisits("US", Good)} good visits"));
        // Good visits and those of the fuzz, each answered one and each durable one.
        Assert.True(DurableHits() - Iterations - 10 - _counted is >= 0 and var more && more <= _unanswered,
            Say($"{_counted} accepted hits were answered, {DurableHits() - Iterations - 10} are in the journal"));
        var counters = app.Services.GetRequiredService<IJournal>().Counters;
        var visits = app.Services.GetRequiredService<SiteRegistry>().All.Select(counters.Find)
            .Sum(site => Country.All.Append(Country.Unknown).Sum(country => site?.Visits(country) ?? 0));
        Assert.True(visits <= DurableHits(), Say($"{visits} visits of {DurableHits()} hits"));
    }

    private async Task SocketsAsync(HostileInput input)
    {
        for (var i = 0; i < Iterations; i++)
        {
            var request = input.Connection();
            var response = await RawSocketClient.ExchangeAsync(_app.Address, request);
            // 505 is what HTTP itself says of another version (RFC 9110, 15.6.6).
            foreach (Match status in StatusLine().Matches(response))
                if (status.Groups[1].Value is ['5', ..] and not ("503" or "505"))
                    Assert.Fail(Say($"{response}\nto\n{Convert.ToBase64String(request)}"));
            Interlocked.Add(ref _counted, Created().Count(response));
            if (response.Contains("text/event-stream", StringComparison.Ordinal))
                Interlocked.Add(ref _unanswered, Hits().Count(Encoding.Latin1.GetString(request)));
            foreach (Match accepted in Accepted().Matches(response))
                Interlocked.Add(ref _counted, int.Parse(accepted.Groups[1].Value, CultureInfo.InvariantCulture));
        }
    }

    private async Task EventsAsync(Random random)
    {
        var input = new HostileInput(random);
        string?[] types = ["application/json", "application/x-ndjson", "text/plain", null, "application/xml"];
        for (var i = 0; i < Iterations; i++)
        {
            var body = input.Body();
            var encoding = random.Next(6) switch { 0 => "gzip", 1 => "br", _ => null };
            using var content = new ByteArrayContent(Pack(body, random.Next(8) == 0 ? null : encoding));
            if (types[random.Next(types.Length)] is { } type) content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            if (encoding is not null) content.Headers.ContentEncoding.Add(encoding);
            var response = await _app.PostAsync("/api/v1/events", content);
            if (response.Status is >= HttpStatusCode.InternalServerError and not HttpStatusCode.ServiceUnavailable)
                Assert.Fail(Say($"{response}\nto\n{Convert.ToBase64String(body)}"));
            if (response.Status == HttpStatusCode.Accepted) Interlocked.Add(ref _counted, response.Accepted);
            else Assert.NotNull(response.Code);
        }
    }

    private async Task GoodVisitsAsync(int times)
    {
        for (var i = 0; i < times; i++) await _app.VisitAsync("us", site: Good);
    }

    /// <summary>Clients that began a request and send no more: they must not stand in the way of others.</summary>
    private async Task<List<RawSocketClient>> HoldAsync(int count)
    {
        var held = new List<RawSocketClient>();
        for (var i = 0; i < count; i++)
        {
            var client = await RawSocketClient.ConnectAsync(_app.Address);
            await client.SendAsync(i % 2 == 0 ? "POST /api/v1/stats?countryCode=fr HTTP/1.1\r\nHost"
                : "POST /api/v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{\"name\":");
            held.Add(client);
        }
        return held;
    }

    private long DurableHits()
    {
        using var connection =
            new SqliteConnection($"Data Source={Path.Combine(_app.Data, SqliteJournal.FileName)};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT coalesce(sum(hits), 0) FROM batches";
        return (long)command.ExecuteScalar()!;
    }

    private static byte[] Pack(byte[] bytes, string? encoding)
    {
        if (encoding is null) return bytes;
        using var packed = new MemoryStream();
        using (Stream packer = encoding == "br" ? new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true)
            : new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            packer.Write(bytes);
        return packed.ToArray();
    }

    private static string Say(string what) => $"FOOTFALL_FUZZ_SEED={Seed}: {what}";

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    [GeneratedRegex("HTTP/1\\.1 (\\d{3}) ")]
    private static partial Regex StatusLine();

    [GeneratedRegex("POST|\"name\"|\"url\"")]
    private static partial Regex Hits();

    [GeneratedRegex("HTTP/1\\.1 201 ")]
    private static partial Regex Created();

    [GeneratedRegex("HTTP/1\\.1 202 [^{]*\\{\"accepted\":(\\d+),")]
    private static partial Regex Accepted();
}
