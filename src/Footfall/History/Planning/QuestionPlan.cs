using DuckDB.NET.Data;
using Footfall.History.Store;
using Footfall.Words;

namespace Footfall.History.Planning;

/// <summary>Makes an answer of a question.</summary>
internal sealed class QuestionPlan
{
    private readonly Question _question;
    private readonly Lookup _lookup;
    private readonly Split _split;
    private readonly RateTable _rates;
    private readonly Variant _variant;
    private readonly List<Measure> _measures;

    public QuestionPlan(Snapshot snapshot, Question question, RateTable rates)
    {
        (_question, _lookup, _rates) = (question, new Lookup(snapshot), rates);
        _split = Split.Of(snapshot, question.Site, question.Period);
        _variant = new Variant(question.Dimensions, question.Filter);
        _measures = [.. question.Metrics.SelectMany(Measures.Of).Distinct()];
    }

    public Answer Answer()
    {
        // Rows that have money and no count are known only when both are read; then the engine can neither sort nor cut, unless money is all.
        if (_question.Metrics.Any(Finished.Is)) return Merged();
        var parameters = new Parameters();
        var groups = Parts.Sql(_lookup, parameters, _split, _variant, _measures);
        var count = Dimensions.Count;
        var names = string.Concat(Dimensions.Select((dimension, i) => Columns.IsText(dimension.Kind) ? $", t{i}.text AS n{i}" : ""));
        var joins = string.Concat(Dimensions.Select((dimension, i) => Columns.IsText(dimension.Kind) ? $" LEFT JOIN texts t{i} ON t{i}.id = g.d{i}" : ""));
        var total = _question.CountRows ? ", count(*) OVER () AS total" : ", 0::BIGINT AS total";
        var sql = $"""
            WITH g AS NOT MATERIALIZED ({groups})
            SELECT {string.Concat(Enumerable.Range(0, count).Select(i => $"g.d{i}, "))}{Values()}{total}{names}
            FROM g{joins} ORDER BY {OrderBy()} LIMIT {parameters.Add((long)_question.Limit)} OFFSET {parameters.Add((long)_question.Offset)}
            """;
        var places = Places();
        long? all = null;
        var rows = _lookup.Snapshot.Read(sql, parameters, row =>
        {
            if (_question.CountRows) all = row.GetInt64(count + _question.Metrics.Count);
            var key = GroupKey.Read(row, count);
            return new AnswerRow([.. Dimensions.Select((_, i) => Label(i, key[i], () => row.IsDBNull(places[i]) ? "" : row.GetString(places[i])))], Metrics(row, count));
        });
        if (_question.CountRows && all is null) all = _question.Offset == 0 && _question.Limit > 0 ? 0 : CountRows();
        return new Answer(rows, all);
    }

    private IReadOnlyList<Dimension> Dimensions => _question.Dimensions;

    private Answer Merged()
    {
        if (IsOfMoneyAlone && MoneyPage.CanRead(_question, _rates)) return OfPage(MoneyPage.Read(_lookup, _split, _question, OrderBy()));
        var finished = new Finished(_lookup, _split, _question, _rates, IsOfMoneyAlone);
        var counts = IsOfMoneyAlone || _measures.Count == 0 ? [] : Counts();
        List<GroupKey> keys = Dimensions.Count == 0 ? [default] : [.. counts.Keys.Concat(finished.Keys).Distinct()];
        var none = IsOfMoneyAlone || _measures.Count == 0 ? [] : NoCounts();
        var labels = Dimensions.Select((_, i) => LabelsOf(i, keys.Select(key => key[i]))).ToArray();
        // There may be many more rows than those that are answered: rows are made of these only.
        var places = RowOrder.Sort(_question, keys, labels, metric => [.. keys.Select(key => Value(metric, key))]);
        var rows = places.Skip(_question.Offset).Take(_question.Limit).Select(place => new AnswerRow(
            [.. labels.Select((texts, i) => texts[keys[place][i]])], [.. _question.Metrics.Select((_, metric) => Value(metric, keys[place]))]));
        return new Answer([.. rows], _question.CountRows ? keys.Count : null);

        object? Value(int metric, GroupKey key)
        {
            var (values, visitors) = counts.TryGetValue(key, out var known) ? known : (none, 0);
            var asked = _question.Metrics[metric];
            return IsOfMoneyAlone || Finished.Is(asked) ? finished.Of(asked, key, visitors) : values[metric];
        }
    }

    /// <summary>There may be 10,000 rows: nothing is made for each but what is answered.</summary>
    private Answer OfPage(MoneyPage page)
    {
        var amounts = page.Amounts;
        var labels = Dimensions.Select((_, i) => LabelsOf(i, amounts.Select(amount => amount.Key[i]))).ToArray();
        var names = _lookup.Names(amounts.Select(amount => (long)amount.Currency));
        var moneys = new Moneys(_rates, _question.Site.Currency, currency => names[currency]);
        var rows = new List<AnswerRow>();
        for (var i = 0; i < amounts.Count;)
        {
            var key = amounts[i].Key;
            moneys.Clear();
            for (; i < amounts.Count && amounts[i].Key.Equals(key); i++) moneys.Add(amounts[i]);
            var texts = new string[labels.Length];
            for (var dimension = 0; dimension < texts.Length; dimension++) texts[dimension] = labels[dimension][key[dimension]];
            var values = new object?[_question.Metrics.Count];
            for (var metric = 0; metric < values.Length; metric++) values[metric] = moneys.Of(_question.Metrics[metric]);
            rows.Add(new AnswerRow(texts, values));
        }
        return new Answer(rows, page.Total);
    }

    /// <summary>The metrics that are sums of counts, and the visitors, of each group that has any.</summary>
    private Dictionary<GroupKey, (object?[] Values, long Visitors)> Counts()
    {
        var parameters = new Parameters();
        var count = Dimensions.Count;
        var visitors = _measures.Contains(Measure.Visitors) ? $"m{_measures.IndexOf(Measure.Visitors)}" : "0::BIGINT";
        var sql = $"SELECT {string.Concat(Enumerable.Range(0, count).Select(i => $"g.d{i}, "))}{Values()}, {visitors} FROM ({Parts.Sql(_lookup, parameters, _split, _variant, _measures)}) g";
        return _lookup.Snapshot.Read(sql, parameters, row => KeyValuePair.Create(GroupKey.Read(row, count), (Metrics(row, count), row.GetInt64(count + _question.Metrics.Count)))).ToDictionary();
    }

    /// <summary>What each number of a dimension is in an answer: many rows have the same.</summary>
    private Dictionary<long, string> LabelsOf(int dimension, IEnumerable<long> all)
    {
        var numbers = all.Distinct().ToList();
        var names = Columns.IsText(Dimensions[dimension].Kind) ? _lookup.Names(numbers) : [];
        return numbers.ToDictionary(number => number, number => Label(dimension, number, () => names.GetValueOrDefault((int)number, "")));
    }

    /// <summary>Whether all that is counted is orders and units, which their amounts are told with: one statement in place of several. An order without products has no amount of one.</summary>
    private bool IsOfMoneyAlone =>
        (!_variant.OfHits || (_variant.OfItems && !HitRows.KeepsItemless(_question.Dimensions, _question.Filter))) && _question.Metrics.Any(Finished.IsMoney) && _question.Metrics.All(metric => metric is Metric.Orders or Metric.Units || Finished.IsMoney(metric));

    /// <summary>The metrics of a group without any count.</summary>
    private object?[] NoCounts()
    {
        var zeros = string.Join(", ", _measures.Select((measure, i) => $"0::{(measure == Measure.Units ? "DECIMAL(38, 6)" : "BIGINT")} AS m{i}"));
        return _lookup.Snapshot.Read($"SELECT {Values()} FROM (SELECT {zeros}) g", null, row => Metrics(row, 0)).Single();
    }

    private long CountRows()
    {
        var parameters = new Parameters();
        return _lookup.Snapshot.Read($"SELECT count(*) FROM ({Parts.Sql(_lookup, parameters, _split, _variant, _measures)})", parameters, row => row.GetInt64(0)).Single();
    }

    private string? _values;

    private string Values() => _values ??= string.Join(", ", _question.Metrics.Select((metric, i) => $"{Value(metric)} AS x{i}"));

    private string Value(Metric metric) => metric == Metric.BotHits && !BotRows.Knows(_variant)
        ? "NULL::BIGINT"
        : metric == Metric.ExitRate && !_variant.HasPage && !_variant.HasExit
            ? "NULL::DOUBLE"
            : Measures.Finish(metric, measure => $"g.m{_measures.IndexOf(measure)}", All(metric));

    /// <summary>The visitors that a share is of.</summary>
    private long All(Metric metric)
    {
        if (metric is not (Metric.Percentage or Metric.ConversionRate)) return 0;
        var parameters = new Parameters();
        var variant = new Variant([], metric == Metric.Percentage ? _question.Filter : Filters.WithoutGoals(_question.Filter));
        return _lookup.Snapshot.Read(Parts.Sql(_lookup, parameters, _split, variant, [Measure.Visitors]), parameters, row => row.GetInt64(0)).Single();
    }

    private string OrderBy()
    {
        var keys = _question.Order.Select(order => order.Metric >= 0 ? $"x{order.Metric}{(order.Descending ? " DESC" : "")} NULLS LAST" : $"{Sorted(order.Dimension)}{(order.Descending ? " DESC" : "")}");
        return string.Join(", ", keys.Concat(Enumerable.Range(0, Dimensions.Count).Select(Sorted)).DefaultIfEmpty("1"));
    }

    private string Sorted(int i) => Dimensions[i].Kind == DimensionKind.BotReason
        ? $"CASE g.d{i} {string.Join(' ', BotReasons.Names.Select((name, reason) => $"WHEN {reason} THEN '{name}'"))} ELSE {Missing(i)} END"
        : Columns.IsText(Dimensions[i].Kind) ? $"coalesce(nullif(n{i}, ''), {Missing(i)})" : $"g.d{i}";

    private string Missing(int i) => DuckDbCommands.Quoted(_question.MissingOf(i));

    /// <summary>The places of the texts among the columns.</summary>
    private int[] Places()
    {
        var next = Dimensions.Count + _question.Metrics.Count + 1;
        return [.. Dimensions.Select(dimension => Columns.IsText(dimension.Kind) ? next++ : -1)];
    }

    private object?[] Metrics(DuckDBDataReader row, int from) =>
        [.. Enumerable.Range(from, _question.Metrics.Count).Select(i => row.IsDBNull(i) ? null : row.GetValue(i) is decimal units ? Decimals.Plain(units) : row.GetValue(i))];

    private string Label(int i, long value, Func<string> text) => Labels.Of(Dimensions[i].Kind, value, text);
}
