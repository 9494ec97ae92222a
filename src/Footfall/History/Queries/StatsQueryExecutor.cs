using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History.Schema;

namespace Footfall.History.Queries;

/// <summary>Runs a stats query.</summary>
internal sealed class StatsQueryExecutor
{
    private readonly StatsQuery _query;
    private readonly TextDictionary _dictionary;
    private readonly PeriodPartition _partition;
    private readonly ExchangeRates _rates;
    private readonly Grouping _grouping;
    private readonly List<Measure> _measures;

    public StatsQueryExecutor(Snapshot snapshot, StatsQuery query, ExchangeRates rates)
    {
        (_query, _dictionary, _rates) = (query, new TextDictionary(snapshot), rates);
        _partition = PeriodPartition.Load(snapshot, query.Site, query.Period);
        _grouping = new Grouping(query.Dimensions, query.Filter);
        _measures = [.. query.Metrics.SelectMany(metric => metric.Get().Measures).Distinct()];
    }

    public StatsResult Execute()
    {
        // Rows with money but no count are known only after both are read; then the engine can neither sort nor limit, unless only money is
        // requested.
        if (_query.Metrics.Any(ComputedMetrics.IsComputed)) return MergeWithComputed();
        var parameters = new SqlParameters();
        var groups = AggregateSql.Build(_dictionary, parameters, _partition, _grouping, _measures);
        var count = Dimensions.Count;
        var names = string.Concat(
            Dimensions.Select((dimension, i) => DimensionColumns.IsText(dimension.Kind) ? $", t{i}.text AS n{i}" : ""));
        var joins = string.Concat(Dimensions.Select((dimension, i) =>
            DimensionColumns.IsText(dimension.Kind) ? $" LEFT JOIN texts t{i} ON t{i}.id = g.d{i}" : ""));
        var total = _query.CountRows ? ", count(*) OVER () AS total" : ", 0::BIGINT AS total";
        var sql = $"""
            WITH g AS NOT MATERIALIZED ({groups})
            SELECT {string.Concat(Enumerable.Range(0, count).Select(i => $"g.d{i}, "))}{MetricColumns()}{total}{names}
            FROM g{joins} ORDER BY {OrderBy()} LIMIT {parameters.Add((long)_query.Limit)} OFFSET {parameters.Add((long)_query.Offset)}
            """;
        var indexes = TextColumnIndexes();
        long? all = null;
        var rows = _dictionary.Snapshot.Read(sql, parameters, row =>
        {
            if (_query.CountRows) all = row.GetInt64(count + _query.Metrics.Count);
            var key = GroupKey.Read(row, count);
            return new StatsRow([.. Dimensions.Select((_, i) =>
                Label(i, key[i], () => row.IsDBNull(indexes[i]) ? "" : row.GetString(indexes[i])))], ReadMetrics(row, count));
        });
        if (_query.CountRows && all is null) all = _query.Offset == 0 && _query.Limit > 0 ? 0 : CountRows();
        return new StatsResult(rows, all);
    }

    private IReadOnlyList<Dimension> Dimensions => _query.Dimensions;

    private StatsResult MergeWithComputed()
    {
        if (IsMoneyOnly && MoneyPage.CanRead(_query, _rates))
            return FromMoneyPage(MoneyPage.Read(_dictionary, _partition, _query, OrderBy()));
        var computed = new ComputedMetrics(_dictionary, _partition, _query, _rates, IsMoneyOnly);
        var counts = IsMoneyOnly || _measures.Count == 0 ? [] : ReadCounts();
        List<GroupKey> keys = Dimensions.Count == 0 ? [default] : [.. counts.Keys.Concat(computed.Keys).Distinct()];
        var emptyCounts = IsMoneyOnly || _measures.Count == 0 ? [] : ReadEmptyCounts();
        var labels = Dimensions.Select((_, i) => LabelsOf(i, keys.Select(key => key[i]))).ToArray();
        // There may be many more rows than are returned: row objects are built only for these.
        var indexes = RowSorter.Sort(_query, keys, labels, metric => [.. keys.Select(key => Value(metric, key))]);
        var rows = indexes.Skip(_query.Offset).Take(_query.Limit).Select(index => new StatsRow(
            [.. labels.Select((texts, i) => texts[keys[index][i]])],
            [.. _query.Metrics.Select((_, metric) => Value(metric, keys[index]))]));
        return new StatsResult([.. rows], _query.CountRows ? keys.Count : null);

        object? Value(int metric, GroupKey key)
        {
            var (values, visitors) = counts.TryGetValue(key, out var known) ? known : (emptyCounts, 0);
            var requested = _query.Metrics[metric];
            return IsMoneyOnly || ComputedMetrics.IsComputed(requested) ? computed.ValueOf(requested, key, visitors) : values[metric];
        }
    }

    /// <summary>There may be 10,000 rows: only the returned values are allocated.</summary>
    private StatsResult FromMoneyPage(MoneyPage page)
    {
        var amounts = page.Amounts;
        var labels = Dimensions.Select((_, i) => LabelsOf(i, amounts.Select(amount => amount.Key[i]))).ToArray();
        var names = _dictionary.FindTexts(amounts.Select(amount => (long)amount.Currency));
        var money = new MoneyAccumulator(_rates, _query.Site.Currency, currency => names[currency]);
        var rows = new List<StatsRow>();
        for (var i = 0; i < amounts.Count;)
        {
            var key = amounts[i].Key;
            money.Clear();
            for (; i < amounts.Count && amounts[i].Key.Equals(key); i++) money.Add(amounts[i]);
            var texts = new string[labels.Length];
            for (var dimension = 0; dimension < texts.Length; dimension++) texts[dimension] = labels[dimension][key[dimension]];
            var values = new object?[_query.Metrics.Count];
            for (var metric = 0; metric < values.Length; metric++) values[metric] = money.ValueOf(_query.Metrics[metric]);
            rows.Add(new StatsRow(texts, values));
        }
        return new StatsResult(rows, page.Total);
    }

    /// <summary>The metrics that are sums of counts, and the visitors, of each group with data.</summary>
    private Dictionary<GroupKey, (object?[] Values, long Visitors)> ReadCounts()
    {
        var parameters = new SqlParameters();
        var count = Dimensions.Count;
        var visitors = _measures.Contains(Measure.Visitors) ? $"m{_measures.IndexOf(Measure.Visitors)}" : "0::BIGINT";
        var sql = $"SELECT {string.Concat(Enumerable.Range(0, count).Select(i => $"g.d{i}, "))}{MetricColumns()}, {visitors} FROM " +
            $"({AggregateSql.Build(_dictionary, parameters, _partition, _grouping, _measures)}) g";
        return _dictionary.Snapshot.Read(sql, parameters, row => KeyValuePair.Create(GroupKey.Read(row, count),
            (ReadMetrics(row, count), row.GetInt64(count + _query.Metrics.Count)))).ToDictionary();
    }

    /// <summary>The label of each number of a dimension: many rows share it.</summary>
    private Dictionary<long, string> LabelsOf(int dimension, IEnumerable<long> all)
    {
        var numbers = all.Distinct().ToList();
        var names = DimensionColumns.IsText(Dimensions[dimension].Kind) ? _dictionary.FindTexts(numbers) : [];
        return numbers.ToDictionary(number => number, number => Label(dimension, number, () => names.GetValueOrDefault((int)number, "")));
    }

    /// <summary>
    /// Whether only orders and units are counted, which come with their amounts: one statement instead of several. An order without
    /// products has no product amount.
    /// </summary>
    private bool IsMoneyOnly =>
        (!_grouping.NeedsHits || (_grouping.NeedsItems && !HitSql.IncludesItemless(_query.Dimensions, _query.Filter)))
            && _query.Metrics.Any(ComputedMetrics.IsMoney)
            && _query.Metrics.All(metric => metric is Metric.Orders or Metric.Units || ComputedMetrics.IsMoney(metric));

    /// <summary>The metrics of a group without any count.</summary>
    private object?[] ReadEmptyCounts()
    {
        var zeros = string.Join(", ",
            _measures.Select((measure, i) => $"0::{measure.Get().SqlType} AS m{i}"));
        return _dictionary.Snapshot.Read($"SELECT {MetricColumns()} FROM (SELECT {zeros}) g", null, row => ReadMetrics(row, 0)).Single();
    }

    private long CountRows()
    {
        var parameters = new SqlParameters();
        return _dictionary.Snapshot.Read(
            $"SELECT count(*) FROM ({AggregateSql.Build(_dictionary, parameters, _partition, _grouping, _measures)})", parameters, row =>
                row.GetInt64(0)).Single();
    }

    private string? _metricColumns;

    private string MetricColumns() =>
        _metricColumns ??= string.Join(", ", _query.Metrics.Select((metric, i) => $"{MetricExpression(metric)} AS x{i}"));

    private string MetricExpression(Metric metric) => metric == Metric.BotHits && !BotSql.Supports(_grouping)
        ? "NULL::BIGINT"
        : metric == Metric.ExitRate && !_grouping.HasPage && !_grouping.HasExit
            ? "NULL::DOUBLE"
            : metric.Get().Sql is { } sql
                ? sql(measure => $"g.m{_measures.IndexOf(measure)}", ReadTotalVisitors(metric))
                : "NULL";

    /// <summary>The visitors that a share is of.</summary>
    private long ReadTotalVisitors(Metric metric)
    {
        if (metric is not (Metric.Percentage or Metric.ConversionRate)) return 0;
        var parameters = new SqlParameters();
        var grouping = new Grouping([], metric == Metric.Percentage ? _query.Filter : FilterTree.WithoutGoals(_query.Filter));
        return _dictionary.Snapshot.Read(AggregateSql.Build(_dictionary, parameters, _partition, grouping, [Measure.Visitors]), parameters,
            row => row.GetInt64(0)).Single();
    }

    private string OrderBy()
    {
        var keys = _query.OrderBy.Select(order => order.MetricIndex >= 0
            ? $"x{order.MetricIndex}{(order.Descending ? " DESC" : "")} NULLS LAST"
            : $"{SortExpression(order.DimensionIndex)}{(order.Descending ? " DESC" : "")}");
        return string.Join(", ", keys.Concat(Enumerable.Range(0, Dimensions.Count).Select(SortExpression)).DefaultIfEmpty("1"));
    }

    private string SortExpression(int i) => Dimensions[i].Kind == DimensionKind.BotReason
        ? $"CASE g.d{i} {string.Join(' ', BotReasonNames.All.Select((name, reason) => $"WHEN {reason} THEN '{name}'"))} ELSE " +
            $"{MissingLabel(i)} END"
        : DimensionColumns.IsText(Dimensions[i].Kind) ? $"coalesce(nullif(n{i}, ''), {MissingLabel(i)})" : $"g.d{i}";

    private string MissingLabel(int i) => DuckDbExtensions.Quote(_query.MissingLabel(i));

    /// <summary>The column indexes of the texts.</summary>
    private int[] TextColumnIndexes()
    {
        var next = Dimensions.Count + _query.Metrics.Count + 1;
        return [.. Dimensions.Select(dimension => DimensionColumns.IsText(dimension.Kind) ? next++ : -1)];
    }

    private object?[] ReadMetrics(DuckDBDataReader row, int from) =>
        [.. Enumerable.Range(from, _query.Metrics.Count)
            .Select(i => row.IsDBNull(i) ? null : row.GetValue(i) is decimal units ? Decimals.TrimZeros(units) : row.GetValue(i))];

    private string Label(int i, long value, Func<string> text) => DimensionLabels.Format(Dimensions[i].Kind, value, text);
}
