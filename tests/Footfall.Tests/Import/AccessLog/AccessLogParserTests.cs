using System.Text;
using CsCheck;
using Footfall.Import.AccessLog;

namespace Footfall.Tests.Import.AccessLog;

public sealed class AccessLogParserTests
{
    private const string Combined =
        """198.51.100.7 - - [17/May/2015:10:05:03 +0200] "GET /a/b?c=d HTTP/1.1" 200 203023 "https://www.example.com/" "Mozilla/5.0 """ +
        """(X11)" """;

    [Fact]
    public void A_line_of_the_combined_format_is_read()
    {
        var read = Parse(Combined.TrimEnd());
        Assert.Equal(LogLineError.None, read.Error);
        Assert.Equal(("198.51.100.7", "GET", "/a/b?c=d", 200, "https://www.example.com/", "Mozilla/5.0 (X11)", true),
            (read.Host, read.Method, read.Target, read.Status, read.Referrer, read.Agent, read.Combined));
        Assert.Equal(new DateTimeOffset(2015, 5, 17, 8, 5, 3, TimeSpan.Zero), DateTimeOffset.FromUnixTimeMilliseconds(read.Time));
    }

    [Theory]
    [InlineData("""2001:db8::1 - - [01/Jan/2024:00:00:00 +0000] "GET / HTTP/2.0" 200 1 "-" "-" """, "2001:db8::1", "/")]
    [InlineData("""host.example - frank [01/Jan/2024:00:00:00 +0000] "GET / HTTP/1.0" 304 -""", "host.example", "/")]
    [InlineData("""192.0.2.1 - John Smith [x] [01/Jan/2024:00:00:00 +0000] "GET /s HTTP/1.0" 200 5""", "192.0.2.1", "/s")]
    [InlineData("""shop.example:443 192.0.2.1 - - [01/Jan/2024:00:00:00 +0000] "GET /v HTTP/1.1" 200 5 "-" "x" """, "192.0.2.1", "/v")]
    [InlineData("""shop.example 192.0.2.1 - - [01/Jan/2024:00:00:00 +0000] "GET /v HTTP/1.1" 200 5 "-" "x" """, "192.0.2.1", "/v")]
    [InlineData("""192.0.2.1, 10.0.0.1 - - [01/Jan/2024:00:00:00 +0000] "GET /v HTTP/1.1" 200 5 "-" "x" """, "192.0.2.1", "/v")]
    [InlineData("""192.0.2.1 - - [01/Jan/2024:00:00:00 +0000] "GET /with space HTTP/1.1" 200 5 "-" "x" 0.003 "more" """, "192.0.2.1",
        "/with space")]
    [InlineData("""192.0.2.1 - - [01/Jan/2024:00:00:00 +0000] "GET /old" 200 5""", "192.0.2.1", "/old")]
    [InlineData("""192.0.2.1 - - [01/Jan/2024:00:00:00 +0000] "\x16\x03\x01" 400 0 "-" "-" """, "192.0.2.1", "")]
    [InlineData("""192.0.2.1 - - [01/Jan/2024:00:00:00 +0000] "-" 408 - "-" "-" """, "192.0.2.1", "")]
    public void Lines_that_web_servers_write_are_read(string text, string host, string target)
    {
        var read = Parse(text.TrimEnd());
        Assert.Equal((LogLineError.None, host, target), (read.Error, read.Host, read.Target));
    }

    [Theory]
    [InlineData("", LogLineError.Time)]
    [InlineData("hello", LogLineError.Time)]
    [InlineData("""1.2.3.4 - - [31/Feb/2024:00:00:00 +0000] "GET / HTTP/1.0" 200 5""", LogLineError.Time)]
    [InlineData("""1.2.3.4 - - [01/Jan/2024:24:00:00 +0000] "GET / HTTP/1.0" 200 5""", LogLineError.Time)]
    [InlineData("""1.2.3.4 - - [01/Jan/2024:00:00:00 0000] "GET / HTTP/1.0" 200 5""", LogLineError.Time)]
    [InlineData("""- [01/Jan/2024:00:00:00 +0000] "GET / HTTP/1.0" 200 5""", LogLineError.Client)]
    [InlineData("""1.2.3.4 - - [01/Jan/2024:00:00:00 +0000] GET / 200 5""", LogLineError.Request)]
    [InlineData("""1.2.3.4 - - [01/Jan/2024:00:00:00 +0000] "GET / HTTP/1.0\" 200 5""", LogLineError.Request)]
    [InlineData("""1.2.3.4 - - [01/Jan/2024:00:00:00 +0000] "GET / HTTP/1.0" 20 5""", LogLineError.Status)]
    [InlineData("""1.2.3.4 - - [01/Jan/2024:00:00:00 +0000] "GET / HTTP/1.0" 200 """, LogLineError.Size)]
    [InlineData("""1.2.3.4 - - [01/Jan/2024:00:00:00 +0000] "GET / HTTP/1.0" 200""", LogLineError.Status)]
    [InlineData("""1.2.3.4 - - [01/Jan/2024:00:00:00 +0000] "GET / HTTP/1.0" 200 x""", LogLineError.Size)]
    [InlineData("""1.2.3.4 - - [01/Jan/2024:00:00:00 +0000] "GET / HTTP/1.0" 200 5 "htt""", LogLineError.Referrer)]
    [InlineData("""1.2.3.4 - - [01/Jan/2024:00:00:00 +0000] "GET / HTTP/1.0" 200 5 "-" "Mozilla""", LogLineError.UserAgent)]
    [InlineData("""1.2.3.4 - - [01/Jan/2024:00:00:00 +0000] "GET / HTTP/1.0" 200 5 "-" """, LogLineError.UserAgent)]
    public void A_malformed_line_says_what_is_wrong(string text, object error) => Assert.Equal(error, Parse(text).Error);

    [Fact]
    public void A_line_over_the_limit_is_malformed() =>
        Assert.Equal(LogLineError.TooLong,
            Parse(Combined.Replace("Mozilla", new string('x', AccessLogParser.MaxLineBytes), StringComparison.Ordinal)).Error);

    [Fact]
    public void A_line_that_was_formatted_from_fields_reads_back() => Gen.Select(Line, Gen.Bool).Sample((fields, nginx) =>
    {
        var read = Parse(fields.Format(nginx));
        Assert.Equal(LogLineError.None, read.Error);
        Assert.Equal((fields.Host, fields.Method, fields.Target, fields.Status, fields.Referrer, fields.Agent,
            fields.Time.ToUnixTimeMilliseconds()),
            (read.Host, read.Method, read.Target, read.Status, read.Referrer, read.Agent, read.Time));
    });

    [Fact]
    public void No_bytes_make_the_parser_throw()
    {
        Gen.Byte.Array[0, 300].Sample(bytes => { AccessLogParser.Parse(bytes, out _); });
        // One byte changed, or the line cut: close to what is valid, where bounds are.
        var valid = Encoding.UTF8.GetBytes(Combined);
        Gen.Select(Gen.Int[0, valid.Length - 1], Gen.Byte, Gen.Int[0, valid.Length]).Sample((at, value, length) =>
        {
            var bytes = valid.ToArray();
            bytes[at] = value;
            AccessLogParser.Parse(bytes.AsSpan(0, length), out var line);
            _ = LogStringDecoder.Decode(line.UserAgent, new char[line.UserAgent.Length]).Length
                + LogStringDecoder.Decode(line.Target, new char[line.Target.Length]).Length;
            _ = PageViewFilter.IsStaticFile(PageViewFilter.GetPath(line.Target));
        });
    }

    private static readonly Gen<string> Text =
        Gen.String[Gen.OneOf(Gen.Char['\u0001', '~'], Gen.Char['\u00a0', '\u06ff'], OneOf('"', '\\', 'x', 'n')), 0, 20]
        .Where(text => text != "-");

    private static readonly Gen<Fields> Line = Gen.Select(
        OneOf("192.0.2.1", "2001:db8::7", "host.example"),
        OneOf("GET", "POST", "PROPFIND"),
        Text.Where(text => !text.Contains(' ')).Select(text => $"/{text}"),
        Gen.Int[100, 999],
        Text, Text,
        Gen.Select(Gen.Int[631_152_000, int.MaxValue], Gen.Int[-14 * 4, 14 * 4], (seconds, quarters) =>
            DateTimeOffset.FromUnixTimeSeconds(seconds).ToOffset(TimeSpan.FromMinutes(quarters * 15))),
        (host, method, target, status, referrer, agent, time) => new Fields(host, method, target, status, referrer, agent, time));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Read Parse(string text)
    {
        var error = AccessLogParser.Parse(Encoding.UTF8.GetBytes(text), out var line);
        return new(error, Decode(line.Host), line.Time, Decode(line.Method), Decode(line.Target), line.Status, Decode(line.Referrer),
            Decode(line.UserAgent), line.Combined);
    }

    private static string Decode(ReadOnlySpan<byte> quoted) => LogStringDecoder.Decode(quoted, new char[quoted.Length]).ToString();

    private sealed record Read(LogLineError Error, string Host, long Time, string Method, string Target, int Status, string Referrer,
        string Agent, bool Combined);

    private sealed record Fields(string Host, string Method, string Target, int Status, string Referrer, string Agent, DateTimeOffset Time)
    {
        public string Format(bool nginx)
        {
            var time = Time.ToString("dd/MMM/yyyy:HH:mm:ss ", System.Globalization.CultureInfo.InvariantCulture)
                + Time.ToString("zzz", System.Globalization.CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal);
            return $"{Host} - - [{time}] \"{Method} {Escape(Target, nginx)} HTTP/1.1\" {Status} - \"{Escape(Referrer, nginx)}\" " +
                $"\"{Escape(Agent, nginx)}\"";
        }

        private static string Escape(string text, bool nginx)
        {
            var escaped = new StringBuilder();
            foreach (var value in Encoding.UTF8.GetBytes(text))
            {
                if (!nginx && value is (byte)'"' or (byte)'\\') escaped.Append('\\').Append((char)value);
                else if (!nginx && value == '\n') escaped.Append(@"\n");
                else if (value is < 32 or > 126 or (byte)'"' or (byte)'\\') escaped.Append($"\\x{value:X2}");
                else escaped.Append((char)value);
            }
            return escaped.ToString();
        }
    }
}
