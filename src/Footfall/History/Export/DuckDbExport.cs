using Footfall.History.Rollups;
using Footfall.History.Schema;

namespace Footfall.History.Export;

/// <summary>Exports from DuckDB.</summary>
internal sealed class DuckDbExport(HistoryDatabase database) : IHistoryExport
{
    public bool HasRollup(Dimension dimension) => FindRollup(dimension) is not null;

    public Task<IExportReader> OpenAsync(ExportRequest request, CancellationToken cancellationToken) => Task.Run<IExportReader>(() =>
    {
        var source = new ExportSource(database.Connect, request) { CancellationToken = cancellationToken };
        var (columns, chunks) = request.Kind switch
        {
            ExportKind.Hits => (HitExport.Columns, new HitExport(source).ReadChunks()),
            ExportKind.Visits => (VisitExport.Columns, new VisitExport(source).ReadChunks()),
            _ => (RollupExport.Columns, new RollupExport(source, request.Dimension is { } dimension ? FindRollup(dimension)! : Rollup.Total)
                .ReadChunks()),
        };
        // Reads the first chunk now, so that a read error is reported before the response starts.
        return new DuckDbExportReader(columns, source, chunks);
    }, cancellationToken);

    /// <summary>Goals use the rollup of names, but not all names are goals.</summary>
    private static Rollup? FindRollup(Dimension dimension) => dimension.Kind switch
    {
        DimensionKind.Country => Rollup.Total,
        DimensionKind.Goal => null,
        _ => Rollup.Find(dimension.Kind),
    };

    private sealed class DuckDbExportReader : IExportReader
    {
        private readonly ExportSource _source;
        private readonly IEnumerator<List<object?[]>> _chunks;
        private List<object?[]>? _firstRows;

        public DuckDbExportReader(IReadOnlyList<ExportColumn> columns, ExportSource source, IEnumerable<List<object?[]>> chunks)
        {
            (Columns, _source, _chunks) = (columns, source, chunks.GetEnumerator());
            _firstRows = ReadChunk();
        }

        public IReadOnlyList<ExportColumn> Columns { get; }

        public Task<IReadOnlyList<object?[]>> ReadNextAsync(CancellationToken cancellationToken) => Task.Run<IReadOnlyList<object?[]>>(() =>
        {
            _source.CancellationToken = cancellationToken;
            return TakeRows();
        }, cancellationToken);

        public Task WriteParquetAsync(string file, CancellationToken cancellationToken) => Task.Run(() =>
        {
            _source.CancellationToken = cancellationToken;
            ParquetFile.Write(file, Columns, Rows(), cancellationToken);
        }, cancellationToken);

        private IEnumerable<object?[]> Rows()
        {
            while (TakeRows() is { Count: > 0 } rows)
                foreach (var row in rows) yield return row;
        }

        private List<object?[]> TakeRows()
        {
            var rows = _firstRows ?? ReadChunk();
            _firstRows = null;
            return rows;
        }

        /// <summary>Chunks may be empty if the period contains partial days.</summary>
        private List<object?[]> ReadChunk()
        {
            while (_chunks.MoveNext())
                if (_chunks.Current.Count > 0) return _chunks.Current;
            return [];
        }
    }
}
