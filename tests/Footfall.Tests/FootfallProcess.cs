using System.Diagnostics;
using System.Net.Sockets;

namespace Footfall.Tests;

/// <summary>The real built program in a process of its own, for what only a process can show: a kill, a signal, a full disk.</summary>
internal sealed class FootfallProcess : IAsyncDisposable
{
    /// <summary>A program that needs longer than this to start or stop hangs; it is not a measure of speed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly List<string> _output = [];

    private FootfallProcess(Process process, Uri address)
    {
        (_process, Address) = (process, address);
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false, MaxConnectionsPerServer = 64 }) { BaseAddress = address };
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>What the program has printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output) return string.Join('\n', _output);
        }
    }

    /// <summary>The program as it was built beside the tests.</summary>
    public static string Program => Path.Combine(AppContext.BaseDirectory, "Footfall.dll");

    /// <summary>Starts the program and waits until it answers.</summary>
    /// <param name="prefix">A shell command that ends with <c>exec "$@"</c>, to change limits of the process; null for none.</param>
    public static async Task<FootfallProcess> StartAsync(string data, string? prefix = null, params (string Name, string Value)[] settings)
    {
        var started = Launch(data, prefix, settings);
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (started.HasExited) throw new InvalidOperationException($"The program ended with {started.ExitCode}:\n{started.Output}");
            if (clock.Elapsed > Patience) throw new TimeoutException($"The program does not answer:\n{started.Output}");
            try
            {
                using var answer = await started.Http.GetAsync("/api/v1/ping", TestContext.Current.CancellationToken);
                if (answer.IsSuccessStatusCode) return started;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>Starts the program without waiting.</summary>
    public static FootfallProcess Launch(string data, string? prefix = null, params (string Name, string Value)[] settings)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = prefix is null ? new ProcessStartInfo("dotnet", [Program]) : new ProcessStartInfo("bash", ["-c", prefix, "bash", "dotnet", Program]);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        start.Environment["Footfall__DataDirectory"] = data;
        start.Environment["Footfall__RateLimit__PerMinute"] = "0";
        foreach (var (name, value) in settings) start.Environment[name] = value;
        return new FootfallProcess(Process.Start(start)!, address);
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Sends a signal, by the shell's own <c>kill</c>.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("bash", ["-c", $"kill -{signal} {Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async Task WaitForExitAsync() =>
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TimeProvider.System, TestContext.Current.CancellationToken);

    public async Task<Dictionary<string, long>> StatsAsync() =>
        (await Http.GetFromJsonAsync<Dictionary<string, long>>("/api/v1/stats", TestContext.Current.CancellationToken))!;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    private void Note(string? line)
    {
        if (line is null) return;
        lock (_output) _output.Add(line);
    }
}
