using System.Net.Sockets;
using System.Text;

namespace Footfall.Tests.Live;

/// <summary>A subscriber that opens a stream and reads nothing until requested, with the smallest buffer that the system grants.</summary>
internal sealed class SlowSubscriber : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 1024 };

    public static async Task<SlowSubscriber> OpenAsync(FootfallApp app)
    {
        var subscriber = new SlowSubscriber();
        await subscriber._socket.ConnectAsync(app.Address.Host, app.Address.Port, TestContext.Current.CancellationToken);
        await subscriber._socket.SendAsync(Encoding.ASCII.GetBytes("GET /api/v1/stats/live HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            TestContext.Current.CancellationToken);
        return subscriber;
    }

    /// <summary>Reads until a text has arrived a number of times, or the server ends the connection.</summary>
    /// <returns>How often it arrived.</returns>
    public async Task<int> ReadUntilAsync(string text, int times)
    {
        _socket.ReceiveBufferSize = 1 << 20;
        var (count, rest) = (0, "");
        var buffer = new byte[1 << 16];
        try
        {
            while (count < times && await _socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var length)
            {
                var read = rest + Encoding.UTF8.GetString(buffer, 0, length);
                count += read.Split(text).Length - 1;
                rest = read[^Math.Min(read.Length, text.Length - 1)..];
            }
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
            // The server closed the connection: only the earlier data is there.
        }
        return count;
    }

    public void Dispose() => _socket.Dispose();
}
