using Footfall.Collect.AccessLog;
using Footfall.Hosting.Control;
using Footfall.Words;
using Microsoft.Extensions.Options;

namespace Footfall.Hosting;

/// <summary>Where an import goes: into the journal itself, or to the server that has it.</summary>
/// <param name="Value">The import.</param>
internal sealed record ImportTarget(IImportTarget Value) : IDisposable
{
    /// <exception cref="StartException">Another program has the data directory, and takes no imports; or the journal can't be opened.</exception>
    public static async Task<ImportTarget> OpenAsync(IServiceProvider services, CancellationToken stop)
    {
        var directory = services.GetRequiredService<IOptions<FootfallOptions>>().Value.DataDirectory;
        var socket = await DataOwner.FindServerAsync(directory, services.GetRequiredService<TimeProvider>(), stop);
        return new(socket is null ? services.GetRequiredService<AccessLogImport>() : new ImportClient(socket));
    }

    public void Dispose() => (Value as IDisposable)?.Dispose();
}
