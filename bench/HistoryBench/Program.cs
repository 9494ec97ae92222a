using Footfall.History.Store;
using Footfall.Words;
using HistoryBench;
using Microsoft.Extensions.Options;

// HistoryBench generate DIRECTORY MILLIONS BUYERS | ask DIRECTORY
var options = Options.Create(new FootfallOptions { DataDirectory = args[1] });
using var database = new HistoryDatabase(options);
database.Open();
switch (args[0])
{
    case "generate":
        Generator.Run(database, long.Parse(args[2]) * 1_000_000, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), double.Parse(args[3], System.Globalization.CultureInfo.InvariantCulture));
        break;
    default:
        throw new ArgumentException($"There is no {args[0]}.");
}
