using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using Footfall.Common;
using Footfall.Hosting.Admin;
using Microsoft.Extensions.Options;

namespace Footfall.Commands;

/// <summary><c>footfall delete-site DOMAIN</c></summary>
internal static class DeleteSiteCommand
{
    public const string Name = "delete-site";

    private static readonly Argument<string> Domain = new("DOMAIN")
    {
        Description = "The shop, such as shop.example; \"default\" for hits "
        + "without a site."
    };

    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask for confirmation." };

    /// <param name="settings">Those of the command line: <c>--Footfall:Name=value</c>.</param>
    public static Command Create(IReadOnlyList<string> settings)
    {
        var command = new Command(Name, "Delete all data of one shop; the server may be running.")
        {
            Domain, Yes, DataDirectoryOption.Option,
        };
        command.SetAction((result, cancellationToken) =>
            CommandExceptionHandler.RunAsync(result, () => RunAsync(result, settings, cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        var (output, errors) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        var given = result.GetRequiredValue(Domain);
        if (SiteRegistry.NormalizeDomain(given) is not { } domain)
            throw new CommandException($"\"{given}\" is not a domain, such as shop.example.");
        if (!result.GetValue(Yes)) Confirm(domain, errors);
        await using var services = CommandServices.Build(DataDirectoryOption.AddToSettings(result, settings));
        var directory = services.GetRequiredService<IOptions<FootfallOptions>>().Value.DataDirectory;
        if (!Directory.Exists(directory)) throw new CommandException($"There is no data directory {Path.GetFullPath(directory)}.");
        var socket = await RunningInstance.FindServerAsync(directory, services.GetRequiredService<TimeProvider>(), cancellationToken);
        await errors.WriteLineAsync($"Deleting the data of {domain}…");
        var summary = socket is null ? await DeleteLocallyAsync(services, domain)
            : await DeleteOnServerAsync(socket, domain, cancellationToken);
        await output.WriteLineAsync(Describe(domain, summary));
        return 0;
    }

    private static async Task<DeletionSummary> DeleteLocallyAsync(ServiceProvider services, string domain)
    {
        try
        {
            return await services.GetRequiredService<SiteEraser>().EraseAsync(domain, serving: false, CancellationToken.None);
        }
        catch (Exception error) when (SiteErasureEndpoint.IsStoreError(error))
        {
            throw new CommandException(SiteErasureEndpoint.Describe(domain, error), error);
        }
    }

    private static async Task<DeletionSummary> DeleteOnServerAsync(string socket, string domain, CancellationToken cancellationToken)
    {
        using var http = AdminSocket.CreateClient(socket);
        try
        {
            using var response =
                await http.PostAsync($"{SiteErasureEndpoint.Path}?domain={Uri.EscapeDataString(domain)}", null, cancellationToken);
            if (!response.IsSuccessStatusCode) throw new CommandException(await response.Content.ReadAsStringAsync(cancellationToken));
            return (await response.Content.ReadFromJsonAsync(DeletionJson.Default.DeletionSummary, cancellationToken))!;
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new CommandException("The connection to the server was lost. The server finishes the deletion when it starts again, or "
                + "run the same command again.", error);
        }
    }

    private static void Confirm(string domain, TextWriter errors)
    {
        if (Console.IsInputRedirected) throw new CommandException($"This deletes all data of {domain} for good: add --yes to skip the "
            + $"confirmation.");
        errors.Write($"This deletes all data of {domain} for good. Type the domain to continue: ");
        if (Console.In.ReadLine()?.Trim() != domain) throw new CommandException("Nothing was deleted.");
    }

    private static string Describe(string domain, DeletionSummary summary)
    {
        if (summary.IsEmpty) return $"There is no data of {domain}: there is nothing to delete.";
        var text = string.Create(CultureInfo.InvariantCulture, $"Deleted all data of {domain}: {summary.Visits:N0} visits, "
            + $"{summary.Hits:N0} hits from the history.");
        return summary.FreedJournal ? text : $"{text} The journal is large, so it was not rewritten while the server runs: its free space "
            + $"is reused.";
    }
}
