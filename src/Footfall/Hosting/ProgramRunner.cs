using System.Globalization;
using System.Net.Sockets;
using Footfall.Common;
using Footfall.Enrich;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Footfall.Hosting;

/// <summary>The start and the end of the process: errors outside the program are reported as a sentence, not as a stack trace.</summary>
internal static class ProgramRunner
{
    /// <summary>Runs the program, and explains on the error output why it could not start.</summary>
    /// <returns>The exit code: what <paramref name="run"/> returned, or 1.</returns>
    public static async Task<int> RunAsync(Func<Task<int>> run)
    {
        FilePermissions.SetUmask();
        try
        {
            return await run();
        }
        catch (Exception error) when (Explain(error) is { } sentences)
        {
            foreach (var sentence in sentences.Split('\n')) await Console.Error.WriteLineAsync($"footfall: {sentence}");
            return 1;
        }
    }

    /// <summary>Serves until the process gets a signal to stop (SIGTERM, SIGINT).</summary>
    /// <returns>The exit code, 0.</returns>
    public static async Task<int> RunServerAsync(this WebApplication app)
    {
        await using (app)
        {
            var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(nameof(Footfall));
            var settings = app.Services.GetRequiredService<IOptions<FootfallOptions>>().Value;
            await app.StartAsync();
            app.Services.GetRequiredService<StartupState>().Started = true;
            log.Started(BuildInfo.Version, string.Join(", ", app.Urls), Path.GetFullPath(settings.DataDirectory),
                settings.Journal == JournalKind.Redis ? "Redis" : $"{settings.Journal} {settings.Durability}",
                DescribeCountryDatabase(app.Services.GetRequiredService<CountryLookup>()));
            var descriptors = KestrelLimits.GetFileDescriptorLimit();
            if (KestrelLimits.GetConnectionLimit(descriptors) is var connections and < KestrelLimits.MaxConnections / 2)
                log.FewFileDescriptors(descriptors, connections, KestrelLimits.MaxConnections);
            await app.WaitForShutdownAsync();
            log.Stopped();
        }
        return 0;
    }

    /// <summary>The country file in use, and its date.</summary>
    private static string DescribeCountryDatabase(CountryLookup countries) =>
        countries.IsAvailable ? string.Create(CultureInfo.InvariantCulture, $"{countries.Description} of {countries.BuildDate:yyyy-MM-dd}")
            : "no database, every address is ZZ";

    /// <summary>A message for errors that a person can fix; null for a bug, which needs its stack trace.</summary>
    private static string? Explain(Exception error) => error switch
    {
        StartupException => error.Message,
        OptionsValidationException invalid => string.Join('\n', invalid.Failures),
        IOException { InnerException: AddressInUseException } =>
            $"{error.Message} Stop the other program, or set another address in ASPNETCORE_URLS.",
        SocketException => $"The server can't listen on its address: {error.Message}. Choose another one with ASPNETCORE_URLS.",
        FormatException or InvalidOperationException
            when error.Source?.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) == true =>
            $"The address to listen on, or its certificate, is wrong: {error.Message}",
        FormatException or InvalidDataException
            when error.Source?.StartsWith("Microsoft.Extensions.Configuration", StringComparison.Ordinal) == true =>
            $"{error.Message} {error.InnerException?.Message}".TrimEnd(),
        _ => null,
    };
}

/// <summary>
/// Whether the host runs. Until then its own log of a failed start, a stack trace, is suppressed: <see cref="ProgramRunner.RunAsync"/>
/// explains it.
/// </summary>
internal sealed class StartupState
{
    public bool Started { get; set; }
}
