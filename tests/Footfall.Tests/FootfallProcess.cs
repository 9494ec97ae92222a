using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Footfall.Tests;

/// <summary>The real built program in a process of its own, for what only a process can show: a kill, a signal, a full disk.</summary>
/// <remarks>
/// It listens on a port that the system assigns, and prints it: two tests that looked for a free port beforehand could find the same one.
/// </remarks>
internal sealed partial class FootfallProcess : IAsyncDisposable
{
    /// <summary>A program that needs longer than this to start or stop hangs; it is not a measure of speed.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly List<string> _output = [];
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private FootfallProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => AddOutput(line.Data);
        process.ErrorDataReceived += (_, line) => AddOutput(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Where it listens; of a program that has started.</summary>
    public Uri Address => Http.BaseAddress!;

    public HttpClient Http { get; } =
        new(new ConnectionFaultHandler(new SocketsHttpHandler { UseCookies = false, MaxConnectionsPerServer = 64 }));

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

    /// <summary>Starts the program and waits until it responds.</summary>
    /// <param name="prefix">A shell command that ends with <c>exec "$@"</c>, to change limits of the process; null for none.</param>
    public static async Task<FootfallProcess> StartAsync(string data, string? prefix = null, params (string Name, string Value)[] settings)
    {
        var started = Launch(data, prefix, settings);
        try
        {
            await started.WaitUntilListeningAsync();
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until it prints its address; from then on it responds.</summary>
    public async Task WaitUntilListeningAsync()
    {
        var stop = TestContext.Current.CancellationToken;
        var ended = _process.WaitForExitAsync(stop);
        if (await Task.WhenAny(_address.Task, ended).WaitAsync(Timeout, TimeProvider.System, stop) == ended)
            throw new InvalidOperationException($"The program ended with {ExitCode}:\n{Output}");
        Http.BaseAddress = await _address.Task;
    }

    /// <summary>Starts the program without waiting.</summary>
    public static FootfallProcess Launch(string data, string? prefix = null, params (string Name, string Value)[] settings)
    {
        var start = prefix is null ? new ProcessStartInfo("dotnet", [Program])
            : new ProcessStartInfo("bash", ["-c", prefix, "bash", "dotnet", Program]);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["Footfall__DataDirectory"] = data;
        start.Environment["Footfall__RateLimit__PerMinute"] = "0";
        // Most live for seconds: tiered profiling costs more than it saves.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (name, value) in settings) start.Environment[name] = value;
        return new FootfallProcess(Process.Start(start)!);
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
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken)
            .WaitAsync(Timeout, TimeProvider.System, TestContext.Current.CancellationToken);

    public async Task<Dictionary<string, long>> StatsAsync() =>
        (await Http.GetFromJsonAsync<Dictionary<string, long>>("/api/v1/stats", TestContext.Current.CancellationToken))!;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void AddOutput(string? line)
    {
        if (line is null) return;
        lock (_output) _output.Add(line);
        if (ListensOnRegex().Match(line) is { Success: true } match) _address.TrySetResult(new Uri(match.Groups[1].Value));
    }

    /// <summary>As the line of the start has it, in plain text and in JSON.</summary>
    [GeneratedRegex(@"listens on (http://[0-9.]+:\d+)")]
    private static partial Regex ListensOnRegex();
}
