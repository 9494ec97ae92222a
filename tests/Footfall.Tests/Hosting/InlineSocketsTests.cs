using System.Net.Sockets;
using System.Text;

namespace Footfall.Tests.Hosting;

/// <summary>On the real program, because only there requests run on the threads that read sockets, and on the journal's writer.</summary>
public sealed class InlineSocketsTests
{
    private const string Refused = "POST /api/v1/stats HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
    private const string Counted = "POST /api/v1/stats?countryCode=us HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";

    /// <summary>What a visit may wait beside the flood: without a turn for each it waits as long as the flood lasts.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_client_that_pipelines_endless_requests_keeps_no_one_else_waiting()
    {
        using var data = new TemporaryDirectory();
        await using var server = await FootfallProcess.StartAsync(data);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        // After the first visit, what follows runs where its response is sent: on the journal's writer.
        var floods = Enumerable.Range(0, 2)
            .Select(_ => FloodAsync(server.Address, Counted, string.Concat(Enumerable.Repeat(Refused, 2_000)), end.Token)).ToArray();
        await ExpectVisitsAsync(server.Address);
        await end.CancelAsync();
        await Task.WhenAll(floods);
    }

    [Theory]
    [InlineData("/api/v1/stats?countryCode=us")]
    [InlineData("/api/v1/events")]
    public async Task A_chunk_whose_extension_never_ends_is_cut(string path)
    {
        using var data = new TemporaryDirectory();
        await using var server = await FootfallProcess.StartAsync(data, null, ("Footfall__MaxEventsBytes", "1024"));
        var head = $"POST {path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;";
        await FloodAsync(server.Address, head, new string('x', 65_536), TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, TestContext.Current.CancellationToken);
        await ExpectVisitsAsync(server.Address);
    }

    private static async Task ExpectVisitsAsync(Uri server)
    {
        for (var i = 0; i < 20; i++)
        {
            // Its own address, apart from those that the limiter rejects.
            var visit = Task.Run(() => RawRequest.SendAsync(server,
                Counted.Replace("Host: a", "Host: a\r\nConnection: close", StringComparison.Ordinal), "127.0.0.9"));
            Assert.StartsWith("HTTP/1.1 201", await visit.WaitAsync(Patience, TimeProvider.System, TestContext.Current.CancellationToken));
        }
    }

    /// <summary>Sends the same again and again, and reads nothing but to make room, until it is stopped or the server ends it.</summary>
    private static async Task FloodAsync(Uri server, string first, string again, CancellationToken cancellationToken)
    {
        using var client = await RawRequest.ConnectAsync(server);
        var drain = DrainAsync(client, cancellationToken);
        var bytes = Encoding.ASCII.GetBytes(again);
        try
        {
            await client.SendAsync(Encoding.ASCII.GetBytes(first), cancellationToken);
            while (true) await client.SendAsync(bytes, cancellationToken);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            client.Close();
        }
        await drain;
    }

    private static async Task DrainAsync(Socket client, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 16];
        try
        {
            while (await client.ReceiveAsync(buffer, cancellationToken) > 0) { }
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The end of the flood.
        }
    }
}
