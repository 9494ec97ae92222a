using System.Net.Sockets;
using System.Text;

namespace Footfall.Tests;

/// <summary>A client that sends bytes as they are: what no HTTP library would.</summary>
internal sealed class RawHttpClient : IDisposable
{
    /// <summary>A server that does not respond for so long hangs; it is not a measure of speed.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private RawHttpClient()
    {
    }

    public static async Task<RawHttpClient> ConnectAsync(Uri address)
    {
        var client = new RawHttpClient();
        await client._socket.ConnectAsync(IPAddress.Loopback, address.Port, TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>Sends text as Latin-1, then nothing more, and reads the whole response.</summary>
    public static Task<string> ExchangeAsync(Uri address, string request) => ExchangeAsync(address, Encoding.Latin1.GetBytes(request));

    /// <inheritdoc cref="ExchangeAsync(Uri, string)"/>
    public static async Task<string> ExchangeAsync(Uri address, byte[] request)
    {
        using var client = await ConnectAsync(address);
        var reading = client.ReadToEndAsync();
        try
        {
            await client.SendAsync(request);
            client._socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The server rejected the request before all was sent.
        }
        return await reading;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] bytes)
    {
        while (bytes.Length > 0) bytes = bytes[await _socket.SendAsync(bytes, TestContext.Current.CancellationToken)..];
    }

    /// <summary>Reads until the server closes.</summary>
    /// <exception cref="TimeoutException">The server neither responds nor closes.</exception>
    public async Task<string> ReadToEndAsync()
    {
        var response = new StringBuilder();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            int read;
            try
            {
                read = await _socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken).AsTask()
                    .WaitAsync(Timeout, TimeProvider.System, TestContext.Current.CancellationToken);
            }
            catch (SocketException)
            {
                return response.ToString();
            }
            if (read == 0) return response.ToString();
            response.Append(Encoding.Latin1.GetString(buffer, 0, read));
            // A stream of events has no end.
            if (response.Length < 4096 && response.ToString().Contains("text/event-stream", StringComparison.Ordinal))
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
}
