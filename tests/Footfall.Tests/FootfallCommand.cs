using System.Diagnostics;
using Footfall.Commands;

namespace Footfall.Tests;

/// <summary>What a command printed, and how it ended.</summary>
internal sealed record CommandResult(int ExitCode, string Output)
{
    public CommandResult HasExitCode(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"It ended with {ExitCode}:\n{Output}");
        Assert.DoesNotContain("   at ", Output);
        return this;
    }
}

/// <summary>Runs commands of the program on a data directory.</summary>
internal static class FootfallCommand
{
    /// <summary>In this process.</summary>
    public static async Task<CommandResult> RunAsync(string data, params string[] args)
    {
        var output = new StringWriter();
        var exitCode = await CommandLineApp.RunAsync([.. args, "-d", data], output, output);
        return new(exitCode, output.ToString());
    }

    /// <summary>In a process of its own.</summary>
    /// <param name="prefix">A shell command that ends with <c>exec "$@"</c>, to change limits of the process.</param>
    /// <param name="started">Gets the process.</param>
    public static async Task<CommandResult> RunProcessAsync(string prefix, string data, string[] args, Action<Process>? started = null)
    {
        var start = new ProcessStartInfo("bash", ["-c", prefix, "bash", "dotnet", FootfallProcess.Program, .. args, "-d",
            data])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        started?.Invoke(process);
        var stop = TestContext.Current.CancellationToken;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(stop), process.StandardError.ReadToEndAsync(stop));
        await process.WaitForExitAsync(stop);
        return new(process.ExitCode, await output + await errors);
    }
}
