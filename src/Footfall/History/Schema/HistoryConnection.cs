using DuckDB.NET.Data;

namespace Footfall.History.Schema;

/// <summary>A connection that reports when it is closed.</summary>
internal sealed class HistoryConnection(string name, Action closed) : DuckDBConnection(name)
{
    private Action? _closed = closed;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) Interlocked.Exchange(ref _closed, null)?.Invoke();
    }
}
