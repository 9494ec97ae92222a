using System.IO.Compression;
using System.Text;

namespace Footfall.Tests.Ingest.Events;

/// <summary>Forms of a body: compressed, in chunks, too large, cut short.</summary>
public sealed class EventsBodyTests
{
    private static readonly byte[] Visits =
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"name\":\"visit\",\"country\":\"us\"}\n", 500)));

    [Theory]
    [InlineData("gzip")]
    [InlineData("GZIP")]
    [InlineData("x-gzip")]
    [InlineData("br")]
    [InlineData("identity")]
    public async Task A_body_may_be_compressed(string encoding)
    {
        await using var app = FootfallApp.Start();
        (await app.PostEventsAsync(Pack(Visits, encoding), PostExtensions.NdJson, encoding)).AssertBatch(accepted: 500);
        Assert.Equal(500, app.GetVisits("US"));
    }

    [Fact]
    public async Task A_gzip_body_may_have_several_members()
    {
        await using var app = FootfallApp.Start();
        byte[] body = [.. Pack(Visits, "gzip"), .. Pack(Visits, "gzip"), .. Pack([], "gzip")];
        (await app.PostEventsAsync(body, PostExtensions.NdJson, "gzip")).AssertBatch(accepted: 1_000);
    }

    [Theory]
    [InlineData("deflate")]
    [InlineData("zstd")]
    [InlineData("gzip, br")]
    [InlineData("gzip, gzip")]
    public async Task Other_encodings_are_refused(string encoding)
    {
        await using var app = FootfallApp.Start();
        (await app.PostEventsAsync(Visits, PostExtensions.NdJson, encoding)).AssertRejected(HttpStatusCode.UnsupportedMediaType,
            "UNSUPPORTED_ENCODING");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_body_that_is_not_what_its_encoding_says_counts_nothing(string encoding)
    {
        await using var app = FootfallApp.Start();
        var packed = Pack(Visits, encoding);
        var flipped = packed.ToArray();
        for (var i = packed.Length / 2; i < packed.Length; i++) flipped[i] ^= 0x55;
        foreach (var broken in new[] { packed[..(packed.Length / 2)], packed[..^1], packed[..3], [.. packed, 7], flipped, Visits,
            [0, 1, 2, 3] })
            (await app.PostEventsAsync(broken, PostExtensions.NdJson, encoding)).AssertRejected(HttpStatusCode.BadRequest,
                "MALFORMED_BODY");
        Assert.Empty(await app.StatsAsync());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_body_that_unpacks_to_more_than_the_limit_is_refused(string encoding)
    {
        await using var app = FootfallApp.Start(("MaxEventsBytes", $"{1 << 20}"));
        var bomb = Pack(new byte[64 << 20], encoding);
        Assert.True(bomb.Length < 1 << 20);
        (await app.PostEventsAsync(bomb, PostExtensions.NdJson, encoding)).AssertRejected(HttpStatusCode.RequestEntityTooLarge,
            "PAYLOAD_TOO_LARGE");
        (await app.PostEventsAsync(Pack(Sized(1 << 20), encoding), encoding: encoding)).AssertBatch(accepted: 1);
        (await app.PostEventsAsync(Pack(Sized((1 << 20) + 1), encoding), encoding: encoding)).AssertRejected(
            HttpStatusCode.RequestEntityTooLarge, "PAYLOAD_TOO_LARGE");
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(1_000_000)]
    public async Task A_body_has_up_to_the_set_limit(int limit)
    {
        await using var app = FootfallApp.Start(("MaxEventsBytes", $"{limit}"));
        (await app.PostEventsAsync(Sized(limit))).AssertBatch(accepted: 1);
        (await app.PostEventsAsync(Sized(limit + 1))).AssertRejected(HttpStatusCode.RequestEntityTooLarge, "PAYLOAD_TOO_LARGE");
        using var chunks = new StreamContent(new ChunkedBody(Sized(limit)));
        (await app.PostAsync("/api/v1/events", chunks)).AssertBatch(accepted: 1);
        using var more = new StreamContent(new ChunkedBody(Sized(limit + 1)));
        (await app.PostAsync("/api/v1/events", more)).AssertRejected(HttpStatusCode.RequestEntityTooLarge, "PAYLOAD_TOO_LARGE");
    }

    [Fact]
    public async Task The_limit_is_8_MiB_unless_set()
    {
        await using var app = FootfallApp.Start();
        (await app.PostEventsAsync(Sized(8 << 20))).AssertBatch(accepted: 1);
        (await app.PostEventsAsync(Sized((8 << 20) + 1), encoding: "identity")).AssertRejected(HttpStatusCode.RequestEntityTooLarge,
            "PAYLOAD_TOO_LARGE");
    }

    [Fact]
    public async Task A_line_of_10_MB_is_refused_as_one_hit_where_the_body_may_be_larger()
    {
        await using var app = FootfallApp.Start(("MaxEventsBytes", $"{20 << 20}"));
        byte[] body = [.. "{\"name\":\"visit\"}\n{\"name\":\""u8, .. Enumerable.Repeat((byte)'x', 10 << 20),
            .. "\"}\n{\"name\":\"visit\"}"u8];
        (await app.PostEventsAsync(body, PostExtensions.NdJson)).AssertBatch(accepted: 2, duplicates: 0, (1, "HIT_TOO_LARGE"));
    }

    [Fact]
    public async Task A_client_that_waits_for_100_Continue_is_read()
    {
        await using var app = FootfallApp.Start();
        (await app.PostAsync("/api/v1/events", new ByteArrayContent(Visits), ("Expect", "100-continue"))).AssertBatch(accepted: 500);
    }

    [Fact]
    public async Task A_body_cut_short_counts_nothing_and_the_server_goes_on()
    {
        await using var app = FootfallApp.Start();
        for (var i = 0; i < 20; i++)
        {
            using var client = await RawSocketClient.ConnectAsync(app.Address);
            await client.SendAsync(
                $"POST /api/v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: {PostExtensions.NdJson}\r\nContent-Length: " +
                $"1000\r\n\r\n{{\"name\":\"visit\"}}\n{{\"name\":\"visit\"}}\n");
            client.Abort();
        }
        await app.VisitAsync("us", 3);
        Assert.Equal(new Dictionary<string, long> { ["us"] = 3 }, await app.StatsAsync());
    }

    private static byte[] Sized(int bytes)
    {
        var body = new byte[bytes];
        Array.Fill(body, (byte)' ');
        "{\"name\":\"visit\"}"u8.CopyTo(body);
        // Blanks after the hit would make a large body a large hit: an array's do not belong to one.
        if (bytes > 60_000)
        {
            "[{\"name\":\"visit\"}"u8.CopyTo(body);
            body[^1] = (byte)']';
        }
        return body;
    }

    private static byte[] Pack(byte[] bytes, string encoding)
    {
        if (encoding == "identity") return bytes;
        using var packed = new MemoryStream();
        using (Stream packer = encoding == "br" ? new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true)
            : new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            packer.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>A stream of unknown length is sent in chunks.</summary>
    private sealed class ChunkedBody(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
