using Footfall.History.Store;

namespace Footfall.History.Exports;

/// <summary>Exports from DuckDB.</summary>
internal sealed class DuckExport(HistoryDatabase database) : IHistoryExport
{
    public bool HasRollup(Dimension dimension) => Find(dimension) is not null;

    public Task<IExport> BeginAsync(ExportRequest request, CancellationToken cancel) => Task.Run<IExport>(() =>
    {
        var source = new ExportSource(database.Connect, request) { Cancel = cancel };
        var (columns, pieces) = request.Of switch
        {
            ExportOf.Hits => (HitExport.Columns, new HitExport(source).Pieces()),
            ExportOf.Visits => (VisitExport.Columns, new VisitExport(source).Pieces()),
            _ => (RollupExport.Columns, new RollupExport(source, request.Dimension is { } dimension ? Find(dimension)! : Rollup.Total).Pieces()),
        };
        // The first piece now: what can't be read is then said before the answer begins.
        return new Export(columns, source, pieces);
    }, cancel);

    /// <summary>Goals have the rollup of names, but are not all of it.</summary>
    private static Rollup? Find(Dimension dimension) => dimension.Kind switch
    {
        DimensionKind.Country => Rollup.Total,
        DimensionKind.Goal => null,
        _ => Rollup.Find(dimension.Kind),
    };

    private sealed class Export : IExport
    {
        private readonly ExportSource _source;
        private readonly IEnumerator<List<object?[]>> _pieces;
        private List<object?[]>? _first;

        public Export(IReadOnlyList<ExportColumn> columns, ExportSource source, IEnumerable<List<object?[]>> pieces)
        {
            (Columns, _source, _pieces) = (columns, source, pieces.GetEnumerator());
            _first = Next();
        }

        public IReadOnlyList<ExportColumn> Columns { get; }

        public Task<IReadOnlyList<object?[]>> NextAsync(CancellationToken cancel) => Task.Run<IReadOnlyList<object?[]>>(() =>
        {
            _source.Cancel = cancel;
            return Take();
        }, cancel);

        public Task WriteParquetAsync(string file, CancellationToken cancel) => Task.Run(() =>
        {
            _source.Cancel = cancel;
            ParquetFile.Write(file, Columns, Rows(), cancel);
        }, cancel);

        private IEnumerable<object?[]> Rows()
        {
            while (Take() is { Count: > 0 } rows)
                foreach (var row in rows) yield return row;
        }

        private List<object?[]> Take()
        {
            var rows = _first ?? Next();
            _first = null;
            return rows;
        }

        /// <summary>Pieces may be empty where the period cuts days.</summary>
        private List<object?[]> Next()
        {
            while (_pieces.MoveNext())
                if (_pieces.Current.Count > 0) return _pieces.Current;
            return [];
        }
    }
}
