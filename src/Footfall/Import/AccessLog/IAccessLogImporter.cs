using Footfall.Common;

namespace Footfall.Import.AccessLog;

/// <summary>
/// The process that owns the journal: this one (<see cref="AccessLogImporter"/>) or a running server (<see cref="ImportClient"/>).
/// </summary>
internal interface IAccessLogImporter
{
    /// <summary>What was imported into a site before.</summary>
    /// <exception cref="ImportException">There is no such site, or the server is unreachable.</exception>
    Task<ImportState> GetStateAsync(string site, CancellationToken cancellationToken);

    /// <summary>Imports content from its beginning; what is already imported is only read.</summary>
    /// <param name="content">After decompression.</param>
    /// <param name="waiting">Receives what the import waits for, and <see cref="RejectReason.None"/> when it continues.</param>
    /// <exception cref="ImportException">There is no such site, or the connection to the server was lost.</exception>
    Task<ImportSummary> ImportAsync(Stream content, AccessLogRequest request, IProgress<RejectReason>? waiting,
        CancellationToken cancellationToken);
}
