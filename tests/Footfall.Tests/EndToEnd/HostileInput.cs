using System.Text;

namespace Footfall.Tests.EndToEnd;

/// <summary>Makes requests that are nearly right, and some that are nothing like one. The same seed makes the same.</summary>
internal sealed class HostileInput(Random random)
{
    public static readonly string[] Paths =
    [
        "/api/v1/stats", "/api/v1/stats?countryCode=us", "/api/v1/stats?countryCode=%75k&site=shop.example", "/api/v1/events",
        "/api/v1/ping", "/api/v1/healthcheck", "/api/v1/whereami",
        "/api/v1/stats/live", "/api/v1/docs", "/api/v1/docs.json", "/api/v1/query", "/healthz", "/api/v1/healthz", "/metrics",
        "/api/v1/metrics", "/", "/nothing", "/api/v1/stats/", "//api/v1/stats",
        "/api/v1/%2e%2e/stats", "/%00", "/api/v1/stats?site=%ff%fe", "/api/v1/stats?&&==&countryCode", "*",
        "http://x/api/v1/stats?countryCode=fr",
    ];

    private static readonly string[] Methods =
        ["GET", "GET", "POST", "POST", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH", "CONNECT", "TRACE", "get", "G\0T", "XYZZY"];

    private static readonly string[] Headers =
    [
        "Content-Type: application/json", "Content-Type: application/x-ndjson", "Content-Type: text/plain", "Content-Type: ;;;",
        "Content-Encoding: gzip", "Content-Encoding: br",
        "Content-Encoding: \u00ff", "Accept-Encoding: gzip, br;q=0", "Accept-Encoding: ;q=9", "If-None-Match: *", "If-None-Match: W/\"",
        "Origin: null", "Origin: https://shop.example",
        "X-Forwarded-For: 1.2.3.4, , x", "X-Forwarded-For: \u00e9", "X-Forwarded-Proto: gopher", "Forwarded: for=\"[\"",
        "Last-Event-ID: -1", "Last-Event-ID: 99999999999999999999", "Range: bytes=9-1",
        "User-Agent: ", "User-Agent: \u0001", "Cookie: a=b; ;", "Expect: 100-continue", "Expect: the impossible", "Upgrade: h2c",
        "Upgrade: websocket\r\nConnection: Upgrade", "Connection: close",
        "Connection: \0", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked", "Content-Length: -5", "Content-Length: 3",
        "Content-Length: 0", "TE: trailers", "Host: y", "Host: ",
        "Accept: text/event-stream", "Access-Control-Request-Method: POST", "X: a\r\n b", "X-Long: " + new string('x', 9_000), "\u00fc: 1",
        "NoColon",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "-0", "1e400", "1e-400", "99999999999999999999999999999999", "0.1", "\"\"", "\"visit\"", "\"purchase\"",
        "\"us\"", "\"ZZ\"", "\"EUR\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud800\"",
        "\"2026-11-24T10:00:00Z\"", "\"9999-12-31T23:59:59.9999999-14:00\"", "\"0001-01-01T00:00:00+14:00\"",
        "\"https://shop.example/?utm_source=%00%ff%\"", "\"/\"", "\"https://[\"", "\"shop.example\"", "\"xn--\"",
        "\"\u00c4.example\"", "\"a..b\"", "\"" + new string('x', 3_000) + "\"", "[]", "{}", "[[]]", "{\"item_id\":1}",
        "[{\"item_id\":1,\"price\":1}]", "[{\"item_id\":[[{}]]}]", "{\"a\":1,\"a\":2}", "\"\ud83d\ude00\"", "\"\\\"", "\"", "[", "{",
    ];

    private static readonly string[] Fields =
        ["id", "site", "name", "name", "name", "url", "url", "referrer", "timestamp", "country", "country", "transaction_id", "value",
            "currency", "items", "props", "\\u006eame", "", "\\ud800"];

    /// <summary>One or more requests on one connection, complete or not, valid or not.</summary>
    public byte[] Connection()
    {
        var bytes = new List<byte>();
        for (var left = random.Next(1, 4); left > 0; left--) bytes.AddRange(Request());
        if (random.Next(3) == 0) Damage(bytes);
        return [.. bytes];
    }

    /// <summary>A body for the events endpoint: mostly JSON, mostly of hits.</summary>
    public byte[] Body()
    {
        var bytes = new List<byte>(random.Next(12) switch
        {
            0 => Noise(random.Next(2_000)),
            1 => Encoding.UTF8.GetBytes(new string('[', random.Next(1, 50_000))),
            2 => Encoding.UTF8.GetBytes("{\"a\":" + string.Concat(Enumerable.Repeat("{\"a\":", random.Next(200))) + "1"),
            3 => Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat("0", random.Next(60_000)))}]"),
            4 => Encoding.UTF8.GetBytes($"{{{string.Join(',', Enumerable.Repeat("\"url\":\"/\"", random.Next(5_000)))}}}"),
            5 => Encoding.UTF8.GetBytes(
                $"{{\"props\":{{{string.Join(',', Enumerable.Range(0, random.Next(3_000)).Select(i => $"\"{i}\":{i}"))}}}}}"),
            6 => Encoding.UTF8.GetBytes(new string('\n', random.Next(100_000))),
            7 or 8 => Encoding.UTF8.GetBytes($"[{string.Join(',', Hits())}]"),
            _ => Encoding.UTF8.GetBytes(string.Join('\n', Hits())),
        });
        if (random.Next(4) == 0) Damage(bytes);
        return [.. bytes];
    }

    private IEnumerable<string> Hits() => Enumerable.Range(0, random.Next(1, 20)).Select(_ => Hit());

    private string Hit()
    {
        if (random.Next(3) == 0) return "{\"name\":\"visit\",\"country\":\"de\"}";
        var fields = Enumerable.Range(0, random.Next(8)).Select(_ => $"\"{Pick(Fields)}\":{Pick(Values)}");
        return $"{{{string.Join(',', fields)}}}";
    }

    private byte[] Request()
    {
        if (random.Next(20) == 0) return Noise(random.Next(200));
        var head = new StringBuilder($"{Pick(Methods)} {Pick(Paths)} HTTP/1.{(random.Next(10) == 0 ? random.Next(12) : 1)}\r\n");
        if (random.Next(10) != 0) head.Append("Host: x\r\n");
        for (var left = random.Next(4); left > 0; left--) head.Append(Pick(Headers)).Append("\r\n");
        byte[] body = random.Next(2) == 0 ? [] : Body();
        if (body.Length > 4_000) body = body[..4_000];
        if (body.Length == 0) return Latin(head.Append("\r\n"));
        if (random.Next(3) != 0) return [.. Latin(head.Append($"Content-Length: {body.Length}\r\n\r\n")), .. body];
        return [.. Latin(head.Append("Transfer-Encoding: chunked\r\n\r\n").Append($"{body.Length:x}\r\n")), .. body, .. "\r\n0\r\n\r\n"u8];
    }

    /// <summary>Changes, removes, doubles or inserts a few bytes.</summary>
    private void Damage(List<byte> bytes)
    {
        for (var left = random.Next(1, 5); left > 0 && bytes.Count > 0; left--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at)); break;
                case 2: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 20), bytes.Count - at))); break;
                default: bytes.Insert(at, "\0\r\n {}[]\",:%\u00ff"u8[random.Next(13)]); break;
            }
        }
    }

    private byte[] Noise(int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private T Pick<T>(T[] values) => values[random.Next(values.Length)];

    private static byte[] Latin(StringBuilder text) => Encoding.Latin1.GetBytes(text.ToString());
}
