using Footfall.Collect.AccessLog;
using Footfall.Collect.Orders;
using Footfall.Hosting.Control;
using Footfall.Journal;
using Footfall.Words;
using Microsoft.Extensions.Options;

namespace Footfall.Hosting;

/// <summary>Where an import goes: into the journal itself, or to the server that has it.</summary>
/// <param name="Logs">Of access logs.</param>
/// <param name="Orders">Of orders.</param>
internal sealed record ImportTarget(IImportTarget Logs, IOrderTarget Orders) : IDisposable
{
    /// <exception cref="StartException">Another program has the data directory, and takes no imports; or the journal can't be opened.</exception>
    public static async Task<ImportTarget> OpenAsync(IServiceProvider services, CancellationToken stop)
    {
        var directory = services.GetRequiredService<IOptions<FootfallOptions>>().Value.DataDirectory;
        var socket = await DataOwner.FindServerAsync(directory, services.GetRequiredService<TimeProvider>(), stop);
        if (socket is null && services.GetRequiredService<IJournal>() is SqliteJournal { Trouble: { } trouble })
            throw new StartException(trouble);
        if (socket is null) return new(services.GetRequiredService<AccessLogImport>(), services.GetRequiredService<OrderImport>());
        var client = new ImportClient(socket);
        return new(client, client);
    }

    public void Dispose() => (Logs as IDisposable)?.Dispose();
}
