using System.Net.Sockets;

namespace Footfall.Tests.Faults;

/// <summary>The network between two programs of this machine: it can be cut, frozen, slow, and restored.</summary>
internal sealed class FaultyTcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Socket> _sockets = [];
    private readonly SemaphoreSlim _throttle = new(1);
    private readonly int _target, _rate;
    private readonly Task _work;
    private TaskCompletionSource _resumed = Opened();
    private bool _disconnected;

    /// <param name="target">The local port that it forwards to.</param>
    /// <param name="rate">The bytes per second from there, on all connections together; 0 for no limit.</param>
    public FaultyTcpProxy(int target, int rate = 0)
    {
        (_target, _rate) = (target, rate);
        _listener.Start();
        _work = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Ends all connections, and each new one immediately. Frozen data is lost.</summary>
    public void Disconnect()
    {
        lock (_lock)
        {
            _disconnected = true;
            foreach (var socket in _sockets) socket.Dispose();
            _sockets.Clear();
        }
    }

    /// <summary>Lets nothing through; connections stay, and new ones are taken.</summary>
    public void Stall()
    {
        lock (_lock) _resumed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Forwards everything again, frozen data first.</summary>
    public void Resume()
    {
        lock (_lock)
        {
            _disconnected = false;
            _resumed.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        Disconnect();
        Resume();
        _listener.Dispose();
        await _work;
        _throttle.Dispose();
        _closing.Dispose();
    }

    private static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_closing.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket near)
    {
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        try
        {
            if (!TryAdd(near)) return;
            await far.ConnectAsync(IPAddress.Loopback, _target, _closing.Token);
            if (!TryAdd(far)) return;
            // Either direction ends both.
            await Task.WhenAny(ForwardAsync(near, far, 0), ForwardAsync(far, near, _rate));
        }
        catch (Exception error) when (IsOfConnection(error))
        {
            // The target accepts no connection: this one ends too.
            return;
        }
        finally
        {
            lock (_lock)
            {
                _sockets.Remove(near);
                _sockets.Remove(far);
            }
            near.Dispose();
        }
    }

    private bool TryAdd(Socket socket)
    {
        lock (_lock)
        {
            if (!_disconnected) _sockets.Add(socket);
            return !_disconnected;
        }
    }

    private async Task ForwardAsync(Socket from, Socket to, int rate)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _closing.Token) is > 0 and var read)
            {
                Task open;
                lock (_lock) open = _resumed.Task;
                await open;
                if (rate > 0) await ThrottleAsync(read, rate);
                for (var sent = 0; sent < read;) sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), _closing.Token);
            }
        }
        catch (Exception error) when (IsOfConnection(error))
        {
            // The end of a connection, by either side.
            return;
        }
    }

    /// <summary>One after the other, as on one wire.</summary>
    private async Task ThrottleAsync(int bytes, int rate)
    {
        await _throttle.WaitAsync(_closing.Token);
        try
        {
            await Task.Delay(TimeSpan.FromSeconds((double)bytes / rate), TimeProvider.System, _closing.Token);
        }
        finally
        {
            _throttle.Release();
        }
    }

    private static bool IsOfConnection(Exception error) =>
        error is SocketException or ObjectDisposedException or OperationCanceledException;
}
