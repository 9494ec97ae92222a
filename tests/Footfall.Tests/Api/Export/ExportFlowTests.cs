using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Footfall.History;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests.Api.Export;

/// <summary>How an export behaves while it runs, with a history of the test's.</summary>
public sealed class ExportFlowTests
{
    private const string Path = "/api/v1/export?site_id=default&date_range=day";

    [Fact]
    public async Task A_slow_client_is_waited_for_and_nothing_is_read_ahead()
    {
        var history = new EndlessHistory();
        await using var app = Start(history);
        using var socket = await RequestAsync(app);
        // The buffers of both ends are full when reads from the history stop.
        var asked = 0;
        await Eventually.BecomesAsync(
            async () =>
            {
                var before = asked;
                asked = history.Asked;
                await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, TestContext.Current.CancellationToken);
                return asked > 0 && asked == before && history.Asked == asked;
            },
            "the export waits for its client");
        await ReadAsync(socket, 4 << 20);
        await Eventually.BecomesAsync(() => Task.FromResult(history.Asked > asked), "it goes on");
    }

    [Fact]
    public async Task A_client_that_goes_away_stops_the_history()
    {
        var history = new EndlessHistory();
        await using var app = Start(history);
        using (var socket = await RequestAsync(app)) await ReadAsync(socket, 1 << 16);
        await Eventually.BecomesAsync(() => Task.FromResult(history.Stopped), "the export is cancelled");
        using var other = await RequestAsync(app);
        await ReadAsync(other, 1 << 16);
    }

    [Fact]
    public async Task Exports_over_the_limit_are_rejected_with_Retry_After()
    {
        await using var app = Start(new EndlessHistory(), ("Query:MaxExports", "1"));
        using var socket = await RequestAsync(app);
        await ReadAsync(socket, 1 << 16);
        using var response = await app.Http.GetAsync(Path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal("TOO_MANY_EXPORTS",
            (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["code"]);
    }

    [Fact]
    public async Task A_client_that_reads_too_slowly_is_cut_and_makes_room()
    {
        var (history, time) = (new EndlessHistory(), new FakeTimeProvider());
        await using var app = FootfallApp.Start(
            services => services.AddSingleton<IHistoryExport>(history).AddSingleton<TimeProvider>(time), ("Query:MaxExports", "1"));
        using var slow = await RequestAsync(app);
        await ReadAsync(slow, 1 << 16);
        await Eventually.BecomesAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(20));
                return Task.FromResult(history.Stopped);
            },
            "the export is ended");
        // A whole download ends with an empty chunk.
        Assert.DoesNotContain("\r\n0\r\n", await ReadToEndAsync(slow), StringComparison.Ordinal);
        await Eventually.BecomesAsync(
            async () => (await app.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken))
                .Contains("footfall_exports_cut_total 1\n", StringComparison.Ordinal),
            "it is counted");
        using var other = await RequestAsync(app);
        await ReadAsync(other, 1 << 16);
    }

    [Fact]
    public async Task One_client_may_have_half_of_the_places()
    {
        await using var app = Start(new EndlessHistory(), ("Query:MaxExports", "2"), ("TrustedProxies", "127.0.0.1"));
        using var first = await RequestAsync(app, "192.0.2.1");
        await ReadAsync(first, 1 << 16);
        using var second = await RequestAsync(app, "192.0.2.1");
        Assert.Contains("TOO_MANY_EXPORTS", await ReadToEndAsync(second), StringComparison.Ordinal);
        using var other = await RequestAsync(app, "192.0.2.2");
        await ReadAsync(other, 1 << 16);
    }

    [Theory]
    [InlineData("csv", null)]
    [InlineData("ndjson", null)]
    [InlineData("csv", "gzip")]
    public async Task A_failure_in_the_middle_breaks_the_connection(string format, string? encoding)
    {
        await using var app = Start(new EndlessHistory { FailsAfter = 5 });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Path}&format={format}");
        if (encoding is not null) request.Headers.Add("Accept-Encoding", encoding);
        using var response =
            await app.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("csv", "HISTORY_UNAVAILABLE", 0)]
    [InlineData("parquet", "EXPORT_FAILED", 5)]
    public async Task A_failure_before_the_answer_has_a_sentence(string format, string code, int after)
    {
        await using var app = Start(new EndlessHistory { FailsAfter = after });
        using var response = await app.Http.GetAsync($"{Path}&format={format}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(code,
            (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["code"]);
    }

    [Fact]
    public async Task Without_a_history_the_response_is_an_error()
    {
        await using var app = FootfallApp.Start();
        using var response = await app.Http.GetAsync(Path, TestContext.Current.CancellationToken);
        Assert.Equal("HISTORY_UNAVAILABLE",
            (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["code"]);
    }

    private static FootfallApp Start(EndlessHistory history, params (string Name, string Value)[] settings) =>
        FootfallApp.Start(services => services.AddSingleton<IHistoryExport>(history), settings);

    private static async Task<Socket> RequestAsync(FootfallApp app, string address = "192.0.2.1")
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 1 << 14 };
        await socket.ConnectAsync(app.Address.Host, app.Address.Port, TestContext.Current.CancellationToken);
        var request = $"GET {Path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Forwarded-For: {address}\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        return socket;
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        var (text, buffer) = (new StringBuilder(), new byte[1 << 16]);
        try
        {
            while (await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var read)
                text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Broken, as it has to be.
        }
        return text.ToString();
    }

    private static async Task ReadAsync(Socket socket, int bytes)
    {
        var buffer = new byte[1 << 14];
        while (bytes > 0)
        {
            var read = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            Assert.True(read > 0, "The connection is closed.");
            bytes -= read;
        }
    }

    /// <summary>Returns hits forever, or until it fails.</summary>
    private sealed class EndlessHistory : IHistoryExport, IExportReader
    {
        private static readonly List<object?[]> Rows =
            [.. Enumerable.Range(0, 200).Select(i => (object?[])[$"row {i} {new string('x', 200)}"])];

        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public int FailsAfter { get; init; } = int.MaxValue;

        public bool Stopped { get; private set; }

        public IReadOnlyList<ExportColumn> Columns => [new("text", ExportColumnType.Text)];

        public bool HasRollup(Dimension dimension) => false;

        public Task<IExportReader> OpenAsync(ExportRequest request, CancellationToken cancellationToken)
        {
            if (FailsAfter == 0) throw new HistoryUnavailableException("It is not there.");
            cancellationToken.Register(() => Stopped = true);
            return Task.FromResult<IExportReader>(this);
        }

        public Task<IReadOnlyList<object?[]>> ReadNextAsync(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Interlocked.Increment(ref _asked) > FailsAfter ? throw new HistoryUnavailableException("It went away.")
                : Task.FromResult<IReadOnlyList<object?[]>>(Rows);
        }

        public Task WriteParquetAsync(string file, CancellationToken cancellationToken) =>
            throw new ExportFailedException("There is no room for the file.");
    }
}
