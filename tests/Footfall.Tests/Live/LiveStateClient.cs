using System.Globalization;
using System.Text.Json.Nodes;

namespace Footfall.Tests.Live;

/// <summary>Keeps the live state as <c>docs/live.md</c> specifies for a dashboard: a snapshot, and changes on top of it.</summary>
internal sealed class LiveStateClient
{
    private readonly SortedDictionary<DateTimeOffset, JsonObject> _minutes = [];
    private static readonly string[] StatNames = ["pageviews", "carts", "checkouts", "orders", "revenue"];
    private readonly SortedDictionary<string, JsonObject> _stats = new(StringComparer.Ordinal);
    private readonly List<JsonObject> _hits = [];
    private JsonObject _total = [], _today = [], _active = [];

    /// <summary>Applies the data of an event.</summary>
    public void Apply(string name, string data)
    {
        var message = JsonNode.Parse(data)!.AsObject();
        var time = Time(message["time"]!);
        if (name == "snapshot")
        {
            _minutes.Clear();
            (_total, _today, _active) = ([], [], []);
            _stats.Clear();
            _hits.Clear();
            foreach (var stat in StatNames) Assert.NotNull(message[stat]);
            Assert.Equal(30, message["minutes"]!.AsArray().Count);
        }
        Merge(_total, message["total"]);
        Merge(_today, message["today"]);
        Merge(_active, message["active"]);
        foreach (var stat in StatNames) Merge(GetStats(stat), message[stat]);
        if (message["yesterday"] is JsonObject yesterday)
        {
            KnowsYesterday = true;
            foreach (var (stat, counts) in yesterday) Merge(GetStats($"yesterday {stat}"), counts);
        }
        else if (name == "snapshot")
        {
            KnowsYesterday = false;
        }
        if (message["hits"] is JsonArray { Count: 0 }) _hits.Clear();
        foreach (var hit in message["hits"]?.AsArray() ?? [])
            if (_hits.Count == 0 || (long)hit!["n"]! > (long)_hits[^1]["n"]!) _hits.Add(hit!.AsObject());
        var last = new DateTimeOffset(time.Ticks - time.Ticks % TimeSpan.TicksPerMinute, TimeSpan.Zero);
        foreach (var minute in _minutes.Keys.Where(minute => minute > last || minute <= last.AddMinutes(-30)).ToList())
            _minutes.Remove(minute);
        for (var minute = last.AddMinutes(-29); minute <= last; minute = minute.AddMinutes(1)) _minutes.TryAdd(minute, []);
        foreach (var minute in message["minutes"]?.AsArray() ?? []) Merge(_minutes[Time(minute!["minute"]!)], minute["visits"]);
    }

    public bool KnowsYesterday { get; private set; }

    /// <summary>The latest hits, oldest first.</summary>
    public IReadOnlyList<JsonObject> Hits => _hits;

    /// <summary>A number of today, or of yesterday until the same time: <c>orders</c>, <c>yesterday orders</c>.</summary>
    public decimal GetStat(string stat, string country) => GetStats(stat)[country] is { } value ? (decimal)value : 0;

    /// <summary>All counts as a text; equal states give equal texts.</summary>
    public string DescribeStats() =>
        string.Join(' ', _stats.Where(stat => stat.Value.Count > 0).Select(stat => $"{stat.Key} {Text(stat.Value)}"));

    public long Total(string country) => Count(_total, country);

    public long Today(string country) => Count(_today, country);

    public long Active(string country) => Count(_active, country);

    /// <summary>The visits of the minutes shown, oldest first.</summary>
    public long[] Minutes(string country) =>
        _minutes.Count == 0 ? new long[30] : [.. _minutes.Values.Select(minute => Count(minute, country))];

    /// <summary>The whole state as a text; equal states give equal texts.</summary>
    public override string ToString() =>
        $"total {Text(_total)} today {Text(_today)} active {Text(_active)} minutes "
        + string.Join(' ', _minutes.Select(minute => $"{minute.Key.ToUnixTimeSeconds() / 60}{Text(minute.Value)}"));

    private JsonObject GetStats(string stat) => _stats.TryGetValue(stat, out var counts) ? counts : _stats[stat] = [];

    private static string Text(JsonObject counts) => "{"
        + string.Join(',', counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Key}:{count.Value}")) + "}";

    private static long Count(JsonObject counts, string country) => counts[country] is { } count ? (long)count : 0;

    private static void Merge(JsonObject counts, JsonNode? changes)
    {
        foreach (var (country, count) in changes?.AsObject() ?? [])
        {
            var value = (decimal)count!;
            Assert.True(value >= 0, $"{country} has {value}");
            if (value == 0) counts.Remove(country);
            else counts[country] = count!.DeepClone();
        }
    }

    private static DateTimeOffset Time(JsonNode time) =>
        DateTimeOffset.ParseExact((string)time!, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
