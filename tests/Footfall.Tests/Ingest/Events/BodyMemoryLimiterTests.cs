using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests.Ingest.Events;

/// <summary>How much memory all bodies may use, and for how long.</summary>
public sealed class BodyMemoryLimiterTests
{
    private const int Megabyte = 1 << 20;

    [Fact]
    public async Task Large_bodies_beyond_the_memory_of_all_are_refused_as_busy_and_small_ones_are_counted()
    {
        await using var app = FootfallApp.Start(("BodyMemoryMegabytes", "8"), ("MaxEventsBytes", $"{2 * Megabyte}"));
        var held = new List<RawSocketClient>();
        try
        {
            ApiResponse? busy = null;
            await Eventually.BecomesAsync(
                async () =>
                {
                    held.Add(await HoldAsync(app.Address, 2 * Megabyte - 10));
                    busy = await app.PostEventsAsync(Padded(2 * Megabyte - 10));
                    return busy.Status == HttpStatusCode.ServiceUnavailable;
                },
                "large bodies hold the memory");
            busy!.AssertRejected(HttpStatusCode.ServiceUnavailable, "BUSY");
            Assert.InRange(held.Count, 2, 4);
            (await app.PostEventsAsync("""{"name":"visit","country":"us"}""")).AssertBatch(accepted: 1);
        }
        finally
        {
            foreach (var client in held) client.Abort();
        }
        await Eventually.BecomesAsync(async () =>
            (await app.PostEventsAsync(Padded(2 * Megabyte - 10))).Status == HttpStatusCode.Accepted, "the memory is free again");
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task What_decompresses_to_many_bytes_counts_as_these(string encoding)
    {
        await using var app = FootfallApp.Start(("BodyMemoryMegabytes", "8"), ("MaxEventsBytes", $"{2 * Megabyte}"));
        var bomb = Pack(new string(' ', 2 * Megabyte), encoding);
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => app.PostEventsAsync(bomb, encoding: encoding)));
        // Only white space: a request that gets the memory is rejected for that.
        Assert.All(answers, answer =>
            Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.BadRequest, HttpStatusCode.ServiceUnavailable]));
        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.BadRequest);
        (await app.PostEventsAsync(Pack("""{"name":"visit","country":"us"}""", encoding), encoding: encoding)).AssertBatch(accepted: 1);
    }

    [Fact]
    public async Task A_large_body_that_comes_too_slowly_is_ended()
    {
        var time = new FakeTimeProvider();
        await using var app = FootfallApp.Start(time);
        using var slow = await HoldAsync(app.Address, 200_000);
        var reading = slow.ReadToEndAsync();
        await Eventually.BecomesAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(6));
                return Task.FromResult(reading.IsCompleted);
            },
            "the request is ended");
        Assert.Contains("408", await reading, StringComparison.Ordinal);
        Assert.Contains("REQUEST_TIMEOUT", await reading, StringComparison.Ordinal);
    }

    /// <summary>A request that sends all of its body but the last bytes.</summary>
    private static async Task<RawSocketClient> HoldAsync(Uri address, int bytes)
    {
        var client = await RawSocketClient.ConnectAsync(address);
        await client.SendAsync(
            $"POST /api/v1/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: " +
            $"{bytes + 10}\r\n\r\n{new string(' ', bytes)}");
        return client;
    }

    private static string Padded(int bytes) => """{"name":"visit","country":"us"}""".PadRight(bytes);

    private static byte[] Pack(string text, string encoding)
    {
        using var output = new MemoryStream();
        using (Stream stream = encoding == "br" ? new BrotliStream(output, CompressionLevel.Optimal)
            : new GZipStream(output, CompressionLevel.Optimal))
            stream.Write(Encoding.UTF8.GetBytes(text));
        return output.ToArray();
    }
}
