using System.CommandLine;
using Microsoft.Extensions.Configuration;

namespace Footfall.Commands;

/// <summary>
/// <c>footfall healthcheck</c>: requests <c>/healthz</c> from the server of this machine. For containers, whose image has no other HTTP
/// client.
/// </summary>
internal static class HealthCheckCommand
{
    private const string DefaultUrl = "http://localhost:3030", UrlsKey = "urls";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <param name="settings">Those of the command line: <c>--urls=http://localhost:3030</c>.</param>
    public static Command Create(IReadOnlyList<string> settings)
    {
        var command = new Command("healthcheck", "Check whether the server on this machine accepts hits: exit code 0 for yes, 1 for no.");
        command.SetAction((result, cancellationToken) =>
            CommandExceptionHandler.RunAsync(result, () => RunAsync(result.InvocationConfiguration.Output, settings, cancellationToken)));
        return command;
    }

    /// <summary>The first address that a server listens on, as a client of the same machine calls it.</summary>
    /// <param name="urls">As <c>ASPNETCORE_URLS</c> has them: separated by semicolons, with <c>+</c>, <c>*</c> or an address of all
    /// networks for any host.</param>
    public static string GetHealthUrl(string? urls)
    {
        var first = (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault()
            ?? DefaultUrl;
        foreach (var any in (string[])["://+", "://*", "://0.0.0.0", "://[::]"])
            first = first.Replace(any, "://localhost", StringComparison.Ordinal);
        return first.TrimEnd('/') + "/healthz";
    }

    private static async Task<int> RunAsync(TextWriter output, IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        // As the server reads where to listen: the later one wins.
        var configuration = new ConfigurationBuilder()
            .SetBasePath(AppContext.BaseDirectory)
            .AddEnvironmentVariables("ASPNETCORE_")
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine([.. settings])
            .Build();
        var address = GetHealthUrl(configuration[UrlsKey]);
        using var http = new HttpClient { Timeout = Timeout };
        try
        {
            using var response = await http.GetAsync(address, cancellationToken);
            await output.WriteLineAsync(await response.Content.ReadAsStringAsync(cancellationToken));
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception error) when (error is HttpRequestException or InvalidOperationException
            || error is TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new CommandException($"{address} does not respond: {error.Message}", error);
        }
    }
}
