using System.Globalization;

namespace Footfall.Tests.Faults;

/// <summary>What a fault did, as a row of the table in <c>docs/faults.md</c>.</summary>
/// <param name="Requests">All that were sent, also those sent again.</param>
/// <param name="Answered">Acknowledged visits.</param>
/// <param name="Counted">Visits that <c>GET /stats</c> returns in the end.</param>
/// <param name="Lost">Acknowledged visits that are not counted.</param>
/// <param name="CountedTwice">Counted visits without a matching response.</param>
/// <param name="Seconds">From the recovery of what failed until each client succeeds again; for a node that does not return, from its
/// end.</param>
internal sealed record FaultReport(string Fault, int Requests, long Answered, long Counted, long Lost, long CountedTwice, double Seconds)
{
    /// <summary>A file that each row is appended to; <c>bench/faults.sh</c> makes the table of it.</summary>
    private static readonly string? File = Environment.GetEnvironmentVariable("FOOTFALL_FAULTS_TABLE");

    private static readonly Lock Writing = new();

    /// <summary>
    /// Compares responses with counts, visit by visit. If nothing is lost or counted twice, the numbers in the responses to the visits of
    /// a country are those from 1 to its counter, each once. Two visits with the same number: the counter went back, and
    /// one of them is lost. A number in no response: a visit that was counted twice.
    /// </summary>
    public static FaultReport Compare(string fault, FaultWorkload load, IReadOnlyDictionary<string, long> counted, TimeSpan recovered)
    {
        var (answered, there) = (0L, 0L);
        foreach (var country in load.Numbers)
        {
            answered += country.Count();
            there += country.Distinct().Count(number => number <= counted.GetValueOrDefault(country.Key));
        }
        var row = new FaultReport(fault, load.Requests, answered, counted.Values.Sum(), answered - there, counted.Values.Sum() - there,
            recovered.TotalSeconds);
        row.Write();
        return row;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"| {Fault} | {Requests:N0} | {Answered:N0} | {Counted:N0} | {Lost:N0} | {CountedTwice:N0} | {Seconds:F2} |");

    private void Write()
    {
        TestContext.Current.TestOutputHelper!.WriteLine(ToString());
        if (File is null) return;
        lock (Writing) System.IO.File.AppendAllText(File, ToString() + "\n");
    }
}
