using System.CommandLine;

namespace Footfall.Commands;

/// <summary>Runs a command, and reports errors as a sentence.</summary>
internal static class CommandExceptionHandler
{
    /// <summary>The exit code of a program that was stopped by SIGINT, as shells expect it.</summary>
    public const int InterruptedExitCode = 130;

    /// <returns>The result of the command; 1 if it failed; 130 if it was stopped.</returns>
    public static async Task<int> RunAsync(ParseResult result, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (CommandException error)
        {
            await result.InvocationConfiguration.Error.WriteLineAsync($"footfall: {error.Message}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            await result.InvocationConfiguration.Error.WriteLineAsync("footfall: stopped.");
            return InterruptedExitCode;
        }
    }
}
