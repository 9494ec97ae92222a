namespace Footfall.Hosting;

/// <summary>What the program does besides serving: <c>footfall import …</c>, <c>--help</c>, <c>--version</c>.</summary>
internal static class Commands
{
    private static readonly string[] Names = ["import", "--help", "-h", "-?", "--version", "help", "version"];

    /// <summary>Whether the arguments name a command; otherwise they are settings of the server.</summary>
    public static bool IsCommand(string[] args) => args is [var first, ..] && Names.Contains(first);

    public static Task<int> RunAsync(string[] args) => Task.FromResult(args.Length);
}
