using System.Diagnostics;
using Footfall.Common;
using Footfall.History.Schema;

namespace Footfall.History.Queries;

/// <summary>Finds the numbers of texts in user input.</summary>
internal sealed class TextDictionary(Snapshot snapshot)
{
    /// <summary>
    /// How many bytes of text are matched with one pattern at first, and at most with all patterns: a slow pattern takes about 50 ms for
    /// the first.
    /// </summary>
    private const long InitialBytes = 4_096, MaxBytes = 256 << 20;

    private const long MaxTexts = 1 << 20;

    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(20), Slow = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<string, int?> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<string> _checked = new(StringComparer.Ordinal);

    public Snapshot Snapshot => snapshot;

    /// <summary>The number of a text; -1 if no hit has it.</summary>
    public int Id(string text) => Ids([text]).DefaultIfEmpty(-1).First();

    /// <summary>The numbers of the texts that some hit has.</summary>
    public IReadOnlyList<int> Ids(IReadOnlyList<string> texts)
    {
        var unknown = texts.Where(text => !_ids.ContainsKey(text)).Distinct(StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
        {
            var parameters = new SqlParameters();
            var list = string.Join(", ", unknown.Select(parameters.Add));
            foreach (var text in unknown) _ids[text] = null;
            foreach (var (id, text) in snapshot.Read($"SELECT id, text FROM texts WHERE text IN ({list})", parameters, row =>
                (row.GetInt32(0), row.GetString(1))))
                _ids[text] = id;
        }
        return [.. texts.Select(text => _ids[text]).OfType<int>().Distinct()];
    }

    /// <summary>The texts of numbers.</summary>
    public Dictionary<int, string> FindTexts(IEnumerable<long> ids)
    {
        var wanted = ids.Distinct().Select(id => (int)id).ToList();
        if (wanted.Count == 0) return [];
        var parameters = new SqlParameters();
        // One string instead of a list: binding a list of 5,000 numbers takes 40 ms.
        var list = parameters.Add(string.Join(',', wanted));
        return snapshot.Read($"SELECT id, text FROM texts WHERE id IN (SELECT unnest(string_split({list}, ',')::INTEGER[]))", parameters,
            row => (row.GetInt32(0), row.GetString(1)))
            .ToDictionary(pair => pair.Item1, pair => pair.Item2);
    }

    /// <summary>
    /// A condition on the column of a dimension: by number for countries and reasons, otherwise as <see cref="TextCondition"/>.
    /// </summary>
    public string Condition(string column, Filter.Comparison compare, SqlParameters parameters) => compare.Dimension.Kind switch
    {
        var kind when DimensionColumns.IsCountry(kind) => InCondition(column, MatchingCountries(compare)),
        DimensionKind.BotReason => InCondition(column, MatchingBotReasons(compare)),
        _ => TextCondition(column, compare, parameters),
    };

    /// <summary>A condition on a column of text numbers.</summary>
    public string TextCondition(string column, Filter.Comparison compare, SqlParameters parameters)
    {
        if (compare is { Operator: FilterOperator.Is, CaseSensitive: true }) return InCondition(column, Ids(compare.Values));
        if (compare.Operator == FilterOperator.Matches) return Match(column, "text", compare, parameters);
        return $"{column} IN (SELECT id FROM texts WHERE {Predicate("text", compare, parameters)})";
    }

    /// <summary>A condition on a column of text numbers: that a regular expression matches.</summary>
    /// <remarks>
    /// The engine checks for interrupts only between blocks of 2,048 rows, and patterns such as <c>(.?){1000}x</c> take RE2 30 ms per text:
    /// a minute that can't be interrupted. So texts are matched in portions that take about 50 ms.
    /// </remarks>
    /// <param name="text">The expression that is matched, over the column <c>text</c>.</param>
    public string Match(string column, string text, Filter.Comparison compare, SqlParameters parameters)
    {
        var ids = new List<int>();
        var last = snapshot.Read("SELECT coalesce(max(id), 0) FROM texts", null, row => row.GetInt32(0))[0];
        var (count, bytes) = (64L, Math.Max(1, InitialBytes / compare.Values.Count));
        for (long from = 0, next; from <= last; from = next)
        {
            // Long texts may follow many short ones: the time depends on the bytes.
            while (count > 1 && TextBytes(from, count) is var length && length > bytes)
                count = Math.Max(1, Math.Min(count / 2, count * bytes / length));
            next = from + count;
            var values = new SqlParameters();
            var clock = Stopwatch.StartNew();
            ids.AddRange(snapshot.Read(
                $"SELECT id FROM texts WHERE id BETWEEN {from} AND {next - 1} AND {Predicate(text, compare, values)}", values, row =>
                    row.GetInt32(0)));
            if (clock.Elapsed < Quick) bytes = Math.Min(bytes * 4, MaxBytes);
            else if (clock.Elapsed > Slow) bytes = Math.Max(bytes / 4, 1);
            count = Math.Min(count * 4, MaxTexts);
        }
        // One string, as with the names.
        return ids.Count == 0 ? "false"
            : $"{column} IN (SELECT unnest(string_split({parameters.Add(string.Join(',', ids))}, ',')::INTEGER[]))";
    }

    private long TextBytes(long from, long count) =>
        snapshot.Read($"SELECT coalesce(sum(strlen(text)), 0)::BIGINT FROM texts WHERE id BETWEEN {from} AND {from + count - 1}", null,
            row => row.GetInt64(0))[0];

    /// <summary>A condition on a text.</summary>
    public string Predicate(string text, Filter.Comparison compare, SqlParameters parameters) =>
        $"({string.Join(" OR ", compare.Values.Select(value => (compare.Operator, compare.CaseSensitive) switch
    {
        (FilterOperator.Is, true) => $"{text} = {parameters.Add(value)}",
        (FilterOperator.Is, false) => $"lower({text}) = lower({parameters.Add(value)})",
        (FilterOperator.Contains, true) => $"contains({text}, {parameters.Add(value)})",
        (FilterOperator.Contains, false) => $"contains(lower({text}), lower({parameters.Add(value)}))",
        (_, var sensitive) => $"regexp_matches({text}, {parameters.Add(CheckPattern(value))}{(sensitive ? "" : ", 'i'")})",
    }))})";

    /// <summary>The countries that a comparison matches.</summary>
    public IReadOnlyList<int> MatchingCountries(Filter.Comparison compare) =>
        Match(compare is { Dimension.Kind: DimensionKind.CountryName, Operator: FilterOperator.Matches }
        ? [.. CountryNames.All.Select(named => (named.Name, (int)named.Country.Index))]
        : [.. Country.All.Append(Country.Unknown).Select(country => (country.Code, (int)country.Index))], compare);

    /// <summary>The bot reasons that a comparison matches.</summary>
    public IReadOnlyList<int> MatchingBotReasons(Filter.Comparison compare) =>
        Match([.. BotReasonNames.All.Select((name, i) => (name, i))], compare);

    public static string InCondition(string column, IReadOnlyList<int> ids) =>
        ids.Count == 0 ? "false" : $"{column} IN ({string.Join(", ", ids)})";

    private List<int> Match(IReadOnlyList<(string Text, int Number)> candidates, Filter.Comparison compare)
    {
        if (compare.Operator == FilterOperator.Is)
        {
            var comparison = compare.CaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
            return [.. candidates.Where(each => compare.Values.Any(value => string.Equals(value, each.Text, comparison)))
                .Select(each => each.Number)];
        }
        var parameters = new SqlParameters();
        var values = string.Join(", ", candidates.Select(each => $"({each.Number}, {parameters.Add(each.Text)})"));
        return [.. snapshot.Read(
            $"SELECT DISTINCT number FROM (VALUES {values}) AS words(number, text) WHERE {Predicate("text", compare, parameters)}",
            parameters, row => row.GetInt32(0))];
    }

    private string CheckPattern(string pattern)
    {
        if (_checked.Add(pattern)) snapshot.CheckPattern(pattern);
        return pattern;
    }
}
