using Footfall.History.Schema;

namespace HistoryBench;

internal static class Sizes
{
    private const long BlockSize = 256 * 1024;

    /// <summary>The bytes of the file by hit, and the blocks of each table.</summary>
    public static void Print(HistoryDatabase database)
    {
        using var connection = database.Connect();
        var hits = connection.Scalar<long>("SELECT count(*) FROM hits") + connection.Scalar<long>("SELECT count(*) FROM bots");
        var bytes = new FileInfo(database.FilePath).Length;
        Console.WriteLine($"{hits:N0} hits, {bytes / 1e6:N0} MB: {(double)bytes / hits:N1} bytes a hit (goal: under 20)");
        var sizes = new List<(string Table, long Bytes)>();
        foreach (var table in connection.Query("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").Select(row => row.GetString(0))
            .ToList())
            sizes.Add((table, BlockSize * connection.Scalar<long>(
                $"SELECT count(DISTINCT block_id) FROM pragma_storage_info('{table}') WHERE persistent AND block_id >= 0")));
        foreach (var (table, size) in sizes.OrderByDescending(size => size.Bytes)
            .Take(8)) Console.WriteLine($"  {table,-12}{(double)size / hits,6:N2} bytes a hit");
    }

    /// <summary>The most memory that this process had at once, in a sentence.</summary>
    public static string Memory()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return $"Most resident memory of all askings: {process.PeakWorkingSet64 / 1e6:N0} MB (goal: under 1,000)";
    }
}
