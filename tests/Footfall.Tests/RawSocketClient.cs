using System.Net.Sockets;
using System.Text;

namespace Footfall.Tests;

/// <summary>A client that sends bytes as they are: what no HTTP library would.</summary>
internal sealed class RawSocketClient : IDisposable
{
    /// <summary>A server that does not respond for so long hangs; it is not a measure of speed.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>When the server waits for the rest of a body that was announced, it gets more than any hostile request announces.</summary>
    private static readonly TimeSpan SilenceTimeout = TimeSpan.FromSeconds(1);

    private const string ClosingRequest = "GET /api/v1/ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    private static readonly byte[] ClosingBytes = Encoding.ASCII.GetBytes(ClosingRequest);
    private static readonly byte[] RepeatedClosingBytes =
        Encoding.ASCII.GetBytes("\r\n0\r\n\r\n" + string.Concat(Enumerable.Repeat(ClosingRequest, 1_000)));

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private RawSocketClient()
    {
    }

    public static async Task<RawSocketClient> ConnectAsync(Uri address)
    {
        var client = new RawSocketClient();
        await client._socket.ConnectAsync(IPAddress.Loopback, address.Port, TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>Sends text as Latin-1, then a request that closes the connection, and reads the whole response.</summary>
    public static Task<string> ExchangeAsync(Uri address, string request) => ExchangeAsync(address, Encoding.Latin1.GetBytes(request));

    /// <inheritdoc cref="ExchangeAsync(Uri, string)"/>
    public static async Task<string> ExchangeAsync(Uri address, byte[] request)
    {
        using var client = await ConnectAsync(address);
        var reading = client.ReadToEndAsync();
        if (await client.TrySendAsync(request) && await client.TrySendAsync(ClosingBytes))
        {
            await Task.WhenAny(reading, Task.Delay(SilenceTimeout, TimeProvider.System, TestContext.Current.CancellationToken));
            if (!reading.IsCompleted) await client.TrySendAsync(RepeatedClosingBytes);
        }
        return await reading;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Signals that nothing more will be sent.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Reads until the server closes.</summary>
    /// <exception cref="TimeoutException">The server neither responds nor closes.</exception>
    public async Task<string> ReadToEndAsync()
    {
        var response = new StringBuilder();
        var buffer = new byte[16 * 1024];
        try
        {
            while (true)
            {
                var read = await _socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken).AsTask()
                    .WaitAsync(Timeout, TimeProvider.System, TestContext.Current.CancellationToken);
                if (read == 0) return response.ToString();
                response.Append(Encoding.Latin1.GetString(buffer, 0, read));
                // A stream of events has no end.
                if (response.ToString(Math.Max(0, response.Length - read - 64), Math.Min(response.Length, read + 64))
                    .Contains("Content-Type: text/event-stream", StringComparison.Ordinal))
                    return response.ToString();
            }
        }
        catch (SocketException)
        {
            // The server closes while unwanted bytes are in transit: its earlier response is here.
            return response.ToString();
        }
    }

    /// <summary>Drops the connection immediately, with a reset.</summary>
    public void Abort()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    private async Task SendAsync(byte[] bytes)
    {
        while (bytes.Length > 0) bytes = bytes[await _socket.SendAsync(bytes, TestContext.Current.CancellationToken)..];
    }

    /// <returns>False if the server has closed.</returns>
    private async Task<bool> TrySendAsync(byte[] bytes)
    {
        try
        {
            await SendAsync(bytes);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
