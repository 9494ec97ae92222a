using System.Diagnostics;
using Footfall.Words;

namespace Footfall.History.Planning;

/// <summary>Finds the numbers of what users write.</summary>
internal sealed class Lookup(Snapshot snapshot)
{
    /// <summary>How many bytes of texts are matched with one pattern at first, and how many with all of them at most: the first is what a slow pattern takes some 50 ms for.</summary>
    private const long FirstBytes = 4_096, MostBytes = 256 << 20;

    private const long MostTexts = 1 << 20;

    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(20), Slow = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<string, int?> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<string> _checked = new(StringComparer.Ordinal);

    public Snapshot Snapshot => snapshot;

    /// <summary>The number of a text; -1 for one that no hit has.</summary>
    public int Id(string text) => Ids([text]).DefaultIfEmpty(-1).First();

    /// <summary>The numbers of those texts that some hit has.</summary>
    public IReadOnlyList<int> Ids(IReadOnlyList<string> texts)
    {
        var unknown = texts.Where(text => !_ids.ContainsKey(text)).Distinct(StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
        {
            var parameters = new Parameters();
            var list = string.Join(", ", unknown.Select(parameters.Add));
            foreach (var text in unknown) _ids[text] = null;
            foreach (var (id, text) in snapshot.Read($"SELECT id, text FROM texts WHERE text IN ({list})", parameters, row => (row.GetInt32(0), row.GetString(1))))
                _ids[text] = id;
        }
        return [.. texts.Select(text => _ids[text]).OfType<int>().Distinct()];
    }

    /// <summary>The texts of numbers.</summary>
    public Dictionary<int, string> Names(IEnumerable<long> ids)
    {
        var wanted = ids.Distinct().Select(id => (int)id).ToList();
        if (wanted.Count == 0) return [];
        var parameters = new Parameters();
        // One text, and no list: a list of 5,000 numbers takes the binding 40 ms.
        var list = parameters.Add(string.Join(',', wanted));
        return snapshot.Read($"SELECT id, text FROM texts WHERE id IN (SELECT unnest(string_split({list}, ',')::INTEGER[]))", parameters, row => (row.GetInt32(0), row.GetString(1)))
            .ToDictionary(pair => pair.Item1, pair => pair.Item2);
    }

    /// <summary>A condition over the column of a dimension: of countries and reasons by their numbers, otherwise as <see cref="Texts"/>.</summary>
    public string Condition(string column, Filter.Compare compare, Parameters parameters) => compare.Dimension.Kind switch
    {
        var kind when Columns.IsCountry(kind) => In(column, Countries(compare)),
        DimensionKind.BotReason => In(column, Reasons(compare)),
        _ => Texts(column, compare, parameters),
    };

    /// <summary>A condition over the column of a text's number.</summary>
    public string Texts(string column, Filter.Compare compare, Parameters parameters)
    {
        if (compare is { Operator: Operator.Is, CaseSensitive: true }) return In(column, Ids(compare.Values));
        if (compare.Operator == Operator.Matches) return Matching(column, "text", compare, parameters);
        return $"{column} IN (SELECT id FROM texts WHERE {Predicate("text", compare, parameters)})";
    }

    /// <summary>A condition over the column of a text's number: that a regular expression matches.</summary>
    /// <remarks>
    /// The engine looks at an interrupt between blocks of 2,048 rows only, and patterns such as <c>(.?){1000}x</c> take RE2 30 ms a text: a minute, in which nothing stops it.
    /// So the texts are looked at some at a time, as many bytes of them as take some 50 ms.
    /// </remarks>
    /// <param name="text">The expression that is matched, over the column <c>text</c>.</param>
    public string Matching(string column, string text, Filter.Compare compare, Parameters parameters)
    {
        var ids = new List<int>();
        var last = snapshot.Read("SELECT coalesce(max(id), 0) FROM texts", null, row => row.GetInt32(0))[0];
        var (some, bytes) = (64L, Math.Max(1, FirstBytes / compare.Values.Count));
        for (long from = 0, next; from <= last; from = next)
        {
            // Long texts behind many short ones: time goes with the bytes.
            while (some > 1 && Length(from, some) is var length && length > bytes) some = Math.Max(1, Math.Min(some / 2, some * bytes / length));
            next = from + some;
            var values = new Parameters();
            var clock = Stopwatch.StartNew();
            ids.AddRange(snapshot.Read($"SELECT id FROM texts WHERE id BETWEEN {from} AND {next - 1} AND {Predicate(text, compare, values)}", values, row => row.GetInt32(0)));
            if (clock.Elapsed < Quick) bytes = Math.Min(bytes * 4, MostBytes);
            else if (clock.Elapsed > Slow) bytes = Math.Max(bytes / 4, 1);
            some = Math.Min(some * 4, MostTexts);
        }
        // One text, as with the names.
        return ids.Count == 0 ? "false" : $"{column} IN (SELECT unnest(string_split({parameters.Add(string.Join(',', ids))}, ',')::INTEGER[]))";
    }

    private long Length(long from, long some) =>
        snapshot.Read($"SELECT coalesce(sum(strlen(text)), 0)::BIGINT FROM texts WHERE id BETWEEN {from} AND {from + some - 1}", null, row => row.GetInt64(0))[0];

    /// <summary>A condition over a text.</summary>
    public string Predicate(string text, Filter.Compare compare, Parameters parameters) => $"({string.Join(" OR ", compare.Values.Select(value => (compare.Operator, compare.CaseSensitive) switch
    {
        (Operator.Is, true) => $"{text} = {parameters.Add(value)}",
        (Operator.Is, false) => $"lower({text}) = lower({parameters.Add(value)})",
        (Operator.Contains, true) => $"contains({text}, {parameters.Add(value)})",
        (Operator.Contains, false) => $"contains(lower({text}), lower({parameters.Add(value)}))",
        (_, var sensitive) => $"regexp_matches({text}, {parameters.Add(Checked(value))}{(sensitive ? "" : ", 'i'")})",
    }))})";

    /// <summary>The countries that a comparison is true of.</summary>
    public IReadOnlyList<int> Countries(Filter.Compare compare) => Matching(compare is { Dimension.Kind: DimensionKind.CountryName, Operator: Operator.Matches }
        ? [.. CountryNames.All.Select(named => (named.Name, (int)named.Country.Index))]
        : [.. Country.All.Append(Country.Unknown).Select(country => (country.Code, (int)country.Index))], compare);

    /// <summary>The reasons of robots that a comparison is true of.</summary>
    public IReadOnlyList<int> Reasons(Filter.Compare compare) => Matching([.. BotReasons.Names.Select((name, i) => (name, i))], compare);

    public static string In(string column, IReadOnlyList<int> ids) => ids.Count == 0 ? "false" : $"{column} IN ({string.Join(", ", ids)})";

    private List<int> Matching(IReadOnlyList<(string Text, int Number)> of, Filter.Compare compare)
    {
        if (compare.Operator == Operator.Is)
        {
            var comparison = compare.CaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
            return [.. of.Where(each => compare.Values.Any(value => string.Equals(value, each.Text, comparison))).Select(each => each.Number)];
        }
        var parameters = new Parameters();
        var values = string.Join(", ", of.Select(each => $"({each.Number}, {parameters.Add(each.Text)})"));
        return [.. snapshot.Read(
            $"SELECT DISTINCT number FROM (VALUES {values}) AS words(number, text) WHERE {Predicate("text", compare, parameters)}", parameters, row => row.GetInt32(0))];
    }

    private string Checked(string pattern)
    {
        if (_checked.Add(pattern)) snapshot.CheckPattern(pattern);
        return pattern;
    }
}
