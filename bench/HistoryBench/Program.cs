using System.Globalization;
using Footfall.Common;
using Footfall.History.Schema;
using HistoryBench;
using Microsoft.Extensions.Options;

const string Usage = """
    HistoryBench generate DIRECTORY MILLIONS [BUYERS]   makes a shop in DIRECTORY: so many million hits of 400 days;
    BUYERS is the share of visits that buy (0.02)
    HistoryBench ask DIRECTORY [ROUNDS [NAME]]          asks the questions of a dashboard, or that of the name, beside the plain scan
    (10 rounds; SCANS=0 leaves the scans out)
    HistoryBench press URL NAME SECONDS [ask]           posts 1,000 visits a second,
    and asks meanwhile; for 0 seconds: until the history has caught up
    HistoryBench sizes DIRECTORY                        bytes by table
    """;
return await (args switch
{
    ["generate", _, var millions, .. var rest] => Generate(long.Parse(millions, CultureInfo.InvariantCulture), rest is [var buyers]
        ? double.Parse(buyers, CultureInfo.InvariantCulture) : 0.02),
    ["ask", _, .. var rest] =>
        AskAsync(rest is [var rounds, ..] ? int.Parse(rounds, CultureInfo.InvariantCulture) : 10, rest is [_, var name] ? name : null),
    ["press", var url, var name, var seconds, .. var rest] =>
        PressAsync(new Uri(url), name, int.Parse(seconds, CultureInfo.InvariantCulture), rest is ["ask"]),
    ["sizes", _] => Show(),
    _ => Help(),
});

Task<int> Generate(long millions, double buyers)
{
    using var database = Open(out _);
    Generator.Run(database, millions * 1_000_000, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), buyers);
    return Task.FromResult(0);
}

async Task<int> AskAsync(int rounds, string? name)
{
    using var database = Open(out var options);
    using var asking = new Asking(database, options, rounds, Environment.GetEnvironmentVariable("SCANS") != "0");
    var good = await asking.RunAsync(name);
    return good ? 0 : 1;
}

static async Task<int> PressAsync(Uri server, string name, int seconds, bool ask)
{
    using var pressure = new Pressure(server);
    await pressure.RunAsync(name, seconds, ask);
    return 0;
}

Task<int> Show()
{
    using var database = Open(out _);
    Sizes.Print(database);
    return Task.FromResult(0);
}

static Task<int> Help()
{
    Console.WriteLine(Usage);
    return Task.FromResult(2);
}

HistoryDatabase Open(out IOptions<FootfallOptions> options)
{
    options = Options.Create(new FootfallOptions { DataDirectory = args[1] });
    var database = new HistoryDatabase(options);
    database.Open();
    return database;
}
