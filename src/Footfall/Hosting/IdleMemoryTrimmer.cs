using System.Globalization;
using System.Runtime.InteropServices;

namespace Footfall.Hosting;

/// <summary>
/// Returns memory to the system when the server is idle: after its start, and after a burst. The garbage collector would do it at its next
/// full collection, which an idle process never has: 300 concurrent requests that decompressed to 8 MB each left it at 2.5 GB.
/// </summary>
internal sealed partial class IdleMemoryTrimmer(TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    /// <summary>A process that allocates more bytes than this in an interval is not idle.</summary>
    private const long BusyAllocationBytes = 64 << 20;

    /// <summary>
    /// The intervals after the last busy one in which memory is returned. The array pool keeps an array for a minute after its last use,
    /// and checks it in a full collection.
    /// </summary>
    private const int FirstTrim = 1, SecondTrim = 6;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        var (quiet, before) = (0, GC.GetTotalAllocatedBytes());
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var allocated = GC.GetTotalAllocatedBytes();
                quiet = allocated - before > BusyAllocationBytes ? 0 : quiet + 1;
                before = allocated;
                if (quiet is FirstTrim or SecondTrim)
                    GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                // Cheap enough each time: pages needed again are in the system's cache.
                if (quiet > 0 && OperatingSystem.IsLinux()) ReleaseCodePages("libduckdb.so");
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>
    /// Unmaps the code of a library, which the system maps again page by page as needed: DuckDB runs through 20 MB of code once, at
    /// startup. Only executable pages, which are never written: https://man7.org/linux/man-pages/man2/madvise.2.html.
    /// </summary>
    private static void ReleaseCodePages(string library)
    {
        const int DontNeed = 4;
        foreach (var line in File.ReadLines("/proc/self/maps")
            .Where(line => line.EndsWith(library, StringComparison.Ordinal) && line.Contains(" r-xp ", StringComparison.Ordinal)))
        {
            var range = line.AsSpan(0, line.IndexOf(' '));
            var (from, until) = (nint.Parse(range[..range.IndexOf('-')], NumberStyles.HexNumber),
                nint.Parse(range[(range.IndexOf('-') + 1)..], NumberStyles.HexNumber));
            // Only advice: if the system ignores it, the memory is unchanged.
            _ = MemoryAdvise(from, until - from, DontNeed);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MemoryAdvise(nint address, nint length, int advice);
}
