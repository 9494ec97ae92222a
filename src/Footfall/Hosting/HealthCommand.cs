using System.CommandLine;
using Footfall.Hosting.Control;
using Microsoft.Extensions.Configuration;

namespace Footfall.Hosting;

/// <summary><c>footfall healthcheck</c>: asks the server of this machine for <c>/healthz</c>. For containers, whose image has no other HTTP client.</summary>
internal static class HealthCommand
{
    private const string Default = "http://localhost:3030", Listening = "urls";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <param name="settings">Those of the command line: <c>--urls=http://localhost:3030</c>.</param>
    public static Command Make(IReadOnlyList<string> settings)
    {
        var command = new Command("healthcheck", "Ask the server of this machine whether it takes hits: 0 for yes, 1 for no.");
        command.SetAction((result, stop) => CommandRun.GuardAsync(result, () => RunAsync(result.InvocationConfiguration.Output, settings, stop)));
        return command;
    }

    /// <summary>The first address that a server listens on, as a client of the same machine calls it.</summary>
    /// <param name="urls">As <c>ASPNETCORE_URLS</c> has them: divided by semicolons, with <c>+</c>, <c>*</c> or an address of all networks for any host.</param>
    public static string AddressOf(string? urls)
    {
        var first = (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? Default;
        foreach (var any in (string[])["://+", "://*", "://0.0.0.0", "://[::]"]) first = first.Replace(any, "://localhost", StringComparison.Ordinal);
        return first.TrimEnd('/') + "/healthz";
    }

    private static async Task<int> RunAsync(TextWriter output, IReadOnlyList<string> settings, CancellationToken stop)
    {
        // As the server reads where to listen: the later one wins.
        var configuration = new ConfigurationBuilder()
            .SetBasePath(AppContext.BaseDirectory)
            .AddEnvironmentVariables("ASPNETCORE_")
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine([.. settings])
            .Build();
        var address = AddressOf(configuration[Listening]);
        using var http = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await http.GetAsync(address, stop);
            await output.WriteLineAsync(await answer.Content.ReadAsStringAsync(stop));
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception error) when (error is HttpRequestException or InvalidOperationException || error is TaskCanceledException && !stop.IsCancellationRequested)
        {
            throw new CommandException($"{address} does not answer: {error.Message}", error);
        }
    }
}
