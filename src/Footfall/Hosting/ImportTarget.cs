using Footfall.Collect.AccessLog;
using Footfall.Collect.Orders;
using Footfall.Journal;
using Footfall.Words;
using Microsoft.Extensions.Options;

namespace Footfall.Hosting;

/// <summary>Where an import goes: into the journal itself, or to the server that has it.</summary>
/// <param name="Logs">Of access logs.</param>
/// <param name="Orders">Of orders.</param>
internal sealed record ImportTarget(IImportTarget Logs, IOrderTarget Orders) : IDisposable
{
    /// <summary>How long a server that holds the data directory may take until it listens, or an import until it is done.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), Pause = TimeSpan.FromMilliseconds(100);

    /// <exception cref="ImportException">Another program has the data directory, and takes no imports.</exception>
    /// <exception cref="StartException">The journal can't be opened.</exception>
    public static async Task<ImportTarget> OpenAsync(IServiceProvider services, CancellationToken stop)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var directory = services.GetRequiredService<IOptions<FootfallOptions>>().Value.DataDirectory;
        var start = time.GetTimestamp();
        while (true)
        {
            if (IsFree(directory)) return new(services.GetRequiredService<AccessLogImport>(), services.GetRequiredService<OrderImport>());
            if (ImportSocketPath.Find(directory) is { } socket && await ImportClient.ConnectAsync(socket, stop) is { } client) return new(client, client);
            if (time.GetElapsedTime(start) > Patience)
                throw new ImportException($"The data directory {Path.GetFullPath(directory)} is in use by another import, or by a server that takes none. Try again when it is done.");
            await Task.Delay(Pause, time, stop);
        }
    }

    public void Dispose() => (Logs as IDisposable)?.Dispose();

    private static bool IsFree(string directory)
    {
        using var held = DataDirectoryLock.TryAcquire(directory);
        return held is not null;
    }
}
