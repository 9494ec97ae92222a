using System.Net.Sockets;
using System.Text;

namespace Footfall.Tests.Deploy;

/// <summary>A node that fails on each request: it reads it, and closes the connection without a response.</summary>
internal sealed class UnresponsiveNode : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _work;
    private int _acceptedConnections;

    public UnresponsiveNode()
    {
        _listener.Start();
        _work = AcceptAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    /// <summary>How many requests it took.</summary>
    public int AcceptedConnections => Volatile.Read(ref _acceptedConnections);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _work.ContinueWith(static _ => { }, TaskScheduler.Default);
        _listener.Dispose();
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            using var socket = await _listener.AcceptSocketAsync(_closing.Token);
            var text = "";
            while (!text.Contains("\r\n\r\n", StringComparison.Ordinal)
                && await socket.ReceiveAsync(buffer, _closing.Token) is > 0 and var read)
                text += Encoding.Latin1.GetString(buffer, 0, read);
            Interlocked.Increment(ref _acceptedConnections);
        }
    }
}
