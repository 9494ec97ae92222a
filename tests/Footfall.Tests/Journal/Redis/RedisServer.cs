using System.Diagnostics;
using System.Net.Sockets;
using StackExchange.Redis;

namespace Footfall.Tests.Journal.Redis;

/// <summary>A real <c>redis-server</c> on a free loopback port, with its data in a directory that is deleted with it.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();
    private readonly string[] _settings;
    private Process? _process;
    private ConnectionMultiplexer? _client;

    public RedisServer()
        : this([])
    {
    }

    /// <param name="settings">As on its command line: <c>--appendonly</c>, <c>yes</c>.</param>
    internal RedisServer(params string[] settings) => _settings = settings;

    public int Port { get; private set; }

    /// <summary>For the setting <c>Footfall:Redis:Connection</c>.</summary>
    public string Connection => $"127.0.0.1:{Port}";

    internal int Id => _process!.Id;

    /// <summary>What a person would type into redis-cli.</summary>
    internal IDatabase Client =>
        (_client ??= ConnectionMultiplexer.Connect($"{Connection},abortConnect=false,allowAdmin=true")).GetDatabase();

    internal IServer Admin => Client.Multiplexer.GetServer("127.0.0.1", Port);

    internal static async Task<RedisServer> StartAsync(params string[] settings)
    {
        var server = new RedisServer(settings);
        await server.InitializeAsync();
        return server;
    }

    public async ValueTask InitializeAsync()
    {
        // Between the search for a free port and its use another process may take it.
        for (var left = 10; ; left--)
        {
            Port = FreePort();
            if (await TryRunAsync()) return;
            Assert.True(left > 0, "redis-server does not start.");
        }
    }

    /// <summary>SIGKILL.</summary>
    internal async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _process = null;
    }

    /// <summary>Starts it again on the same port, with what is on its disk.</summary>
    internal async Task RestartAsync()
    {
        for (var left = 50; !await TryRunAsync(); left--)
        {
            Assert.True(left > 0, "redis-server does not start again.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    internal async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("bash", ["-c", $"kill -{signal} {Id}"]);
        await kill.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null) await _client.DisposeAsync();
        if (_process is not null) await KillAsync();
        _directory.Dispose();
    }

    internal static int FreePort()
    {
        // Below the range of clients' ports, from which a busy machine takes one at any moment.
        while (true)
        {
            var port = Random.Shared.Next(12_000, 30_000);
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                continue;
            }
        }
    }

    private async Task<bool> TryRunAsync()
    {
        var start = new ProcessStartInfo("redis-server", ["--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _directory.Path, "--save",
            "", .. _settings])
        { RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        var ready = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null) ready.TrySetResult(false);
            else if (line.Data.Contains("Ready to accept connections", StringComparison.Ordinal)) ready.TrySetResult(true);
        };
        process.BeginOutputReadLine();
        if (await ready.Task.WaitAsync(Timeout, TimeProvider.System, CancellationToken.None))
        {
            _process = process;
            return true;
        }
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        return false;
    }
}
