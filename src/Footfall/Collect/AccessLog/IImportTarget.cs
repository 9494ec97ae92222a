using Footfall.Words;

namespace Footfall.Collect.AccessLog;

/// <summary>The process that owns the journal: this one (<see cref="AccessLogImport"/>) or a running server (<see cref="ImportClient"/>).</summary>
internal interface IImportTarget
{
    /// <summary>What was imported into a site before.</summary>
    /// <exception cref="ImportException">There is no such site, or the server is out of reach.</exception>
    Task<ImportState> StateAsync(string site, CancellationToken stop);

    /// <summary>Imports content from its beginning; what is known already is only read.</summary>
    /// <param name="content">After decompression.</param>
    /// <param name="waiting">Told what the import waits for, and <see cref="RejectReason.None"/> when it goes on.</param>
    /// <exception cref="ImportException">There is no such site, or the server went away.</exception>
    Task<ImportSummary> RunAsync(Stream content, ImportRequest request, IProgress<RejectReason>? waiting, CancellationToken stop);
}
