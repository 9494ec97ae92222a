using Footfall.Common;
using Footfall.Import;
using Footfall.Import.AccessLog;
using Footfall.Import.Orders;
using Footfall.Journal;
using Footfall.Journal.Sqlite;
using Microsoft.Extensions.Options;

namespace Footfall.Commands.Import;

/// <summary>The target of an import: the journal itself, or the server that owns it.</summary>
/// <param name="AccessLogs">Of access logs.</param>
/// <param name="Orders">Of orders.</param>
internal sealed record Importers(IAccessLogImporter AccessLogs, IOrderImporter Orders) : IDisposable
{
    /// <exception cref="StartupException">Another program owns the data directory and accepts no imports, or the journal can't be
    /// opened.</exception>
    public static async Task<Importers> OpenAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var directory = services.GetRequiredService<IOptions<FootfallOptions>>().Value.DataDirectory;
        var socket = await RunningInstance.FindServerAsync(directory, services.GetRequiredService<TimeProvider>(), cancellationToken);
        if (socket is null && services.GetRequiredService<IJournal>() is SqliteJournal { Fault: { } fault })
            throw new StartupException(fault);
        if (socket is null) return new(services.GetRequiredService<AccessLogImporter>(), services.GetRequiredService<OrderImporter>());
        var client = new ImportClient(socket);
        return new(client, client);
    }

    public void Dispose() => (AccessLogs as IDisposable)?.Dispose();
}
