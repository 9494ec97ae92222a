using System.CommandLine;
using System.Globalization;
using Footfall.Commands.Demo;
using Footfall.Common;
using Footfall.Hosting.Web;

namespace Footfall.Commands;

/// <summary><c>footfall demo</c></summary>
internal static class DemoCommand
{
    public const string Name = "demo";

    /// <summary>The maximum of a generated day; its visits are sorted in memory.</summary>
    private const int MaxVisits = 1_000_000;

    /// <summary>
    /// A server accepts hits of the last 24 hours: hits of a past day are slightly newer, so that all of them are still accepted.
    /// </summary>
    private static readonly TimeSpan TimeToSend = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(3);

    private static readonly Option<string> Url = new("--url")
    {
        Description = "The address of the server.",
        HelpName = "address",
        DefaultValueFactory = static _ => "http://localhost:3030",
        Validators = { static result => Check(result, text => Uri.TryCreate(text, UriKind.Absolute, out var url)
            && url.Scheme is "http" or "https", "an address such as http://localhost:3030") },
    };

    private static readonly Option<string> SiteOption = new("--site", "-s")
    {
        Description = "The shop to play visits for.",
        HelpName = "domain",
        DefaultValueFactory = static _ => WebPageMiddleware.DemoSite,
        Validators = { static result =>
            Check(result, text => SiteRegistry.NormalizeDomain(text) is not null, "a domain, such as shop.example") },
    };

    private static readonly Option<double> Speed = new("--speed")
    {
        Description = "How many times faster than real time: 60 plays the day in 24 minutes.",
        HelpName = "number",
        DefaultValueFactory = static _ => 60,
        Validators = { static result => Check(result, text => double.TryParse(text, CultureInfo.InvariantCulture, out var number)
            && number is >= 0.01 and <= 1_000_000, "a number from 0.01 to 1,000,000") },
    };

    private static readonly Option<bool> Past = new("--past")
    {
        Description = "Send the past 24 hours all at once, instead of playing a "
        + "day from now on."
    };

    private static readonly Option<int> Visits = new("--visits")
    {
        Description = "How many visits the day has.",
        HelpName = "number",
        DefaultValueFactory = static _ => 5_000,
        Validators = { static result => Check(result, text => int.TryParse(text, CultureInfo.InvariantCulture, out var number)
            && number is >= 1 and <= MaxVisits, "a whole number from 1 to 1,000,000") },
    };

    private static readonly Option<int> Seed = new("--seed")
    {
        Description = "The seed of the random data: another number makes another day.",
        HelpName = "number",
        DefaultValueFactory = static _ => 1,
    };

    public static Command Create()
    {
        var command = new Command(Name, "Play a day of a made-up shop on a running server.") { Url, SiteOption, Speed, Past, Visits, Seed };
        command.SetAction((result, cancellationToken) =>
            CommandExceptionHandler.RunAsync(result, () => RunAsync(result, TimeProvider.System, cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, TimeProvider time, CancellationToken cancellationToken)
    {
        var (output, errors) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(result.GetValue(Url)!) };
        var site = result.GetValue(SiteOption)!;
        var now = time.GetUtcNow();
        DateTimeOffset? start = result.GetValue(Past) ? now - (DemoDay.Length - TimeToSend) : null;
        var run = new DemoPlayer(http, site, result.GetValue(Speed), time, start);
        var day = new DemoDay(result.GetValue(Seed), (start ?? now).TimeOfDay.TotalHours, result.GetValue(Visits)).GenerateHits();
        if (start is not null) day = day.TakeWhile(hit => start + hit.Offset <= now);
        await output.WriteLineAsync($"A day of {site} on {http.BaseAddress}; see it at {new Uri(http.BaseAddress, $"/?site={site}")}. "
            + $"Ctrl-C stops it.");
        using var done = new CancellationTokenSource();
        var reporting = ReportProgressAsync(run, errors, time, done.Token);
        try
        {
            await run.PlayAsync(day, cancellationToken);
            await output.WriteLineAsync($"Done: {Describe(run.Totals)}.");
            return 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await output.WriteLineAsync($"Stopped: {Describe(run.Totals)}.");
            return CommandExceptionHandler.InterruptedExitCode;
        }
        finally
        {
            await done.CancelAsync();
            await reporting;
        }
    }

    private static async Task ReportProgressAsync(DemoPlayer run, TextWriter errors, TimeProvider time, CancellationToken done)
    {
        while (true)
        {
            await Task.Delay(ReportInterval, time, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (done.IsCancellationRequested) return;
            var totals = run.Totals;
            await errors.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"demo: {totals.Played / DemoDay.Length:P0} of the day, "
                + $"{Describe(totals)}{(totals.Waiting ? "; waiting: the server can't accept more right now" : "")}"));
        }
    }

    private static string Describe(DemoTotals totals) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{totals.Visits:N0} {(totals.Visits == 1 ? "visit" : "visits")}, {totals.Hits:N0} {(totals.Hits == 1 ? "hit" : "hits")}, " +
            $"{totals.Orders:N0} {(totals.Orders == 1 ? "order" : "orders")} worth {totals.Revenue:N2} EUR");

    private static void Check(System.CommandLine.Parsing.OptionResult result, Func<string, bool> allowed, string what)
    {
        if (result.Tokens is [var token] && !allowed(token.Value))
            result.AddError($"--{result.Option.Name.TrimStart('-')} is \"{token.Value}\", but must be {what}.");
    }
}
