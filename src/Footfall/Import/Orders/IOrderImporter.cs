using Footfall.Common;

namespace Footfall.Import.Orders;

/// <summary>
/// The process that owns the journal: this one (<see cref="OrderImporter"/>) or a running server (<see cref="ImportClient"/>).
/// </summary>
internal interface IOrderImporter
{
    /// <summary>Imports the orders of a file; those that were imported before are skipped.</summary>
    /// <param name="content">CSV, after decompression.</param>
    /// <param name="waiting">Receives what the import waits for, and <see cref="RejectReason.None"/> when it continues.</param>
    /// <exception cref="ImportException">The request or the header of the file is wrong, or the server disconnected.</exception>
    Task<OrderSummary> ImportOrdersAsync(Stream content, OrderRequest request, IProgress<RejectReason>? waiting,
        CancellationToken cancellationToken);
}
