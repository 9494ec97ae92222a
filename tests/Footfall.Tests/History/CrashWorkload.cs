using System.Globalization;
using Footfall.Common;
using Footfall.Journal;
using Footfall.Journal.Sqlite;
using Footfall.Tests.Journal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Prometheus;

namespace Footfall.Tests.History;

/// <summary>
/// Hits of every kind, of today, yesterday and long ago, some through the real server and some straight into the journal of a server that
/// is dead. No two have the same time, which identifies each.
/// </summary>
internal sealed class CrashWorkload
{
    /// <summary>Where the clocks differ by hours and by a part of one, ahead and behind.</summary>
    private static readonly (string Domain, string Zone)[] Named =
        [("berlin.example", "Europe/Berlin"), ("york.example", "America/New_York"), ("nepal.example", "Asia/Kathmandu"),
            ("samoa.example", "Pacific/Apia")];

    private static readonly string[] Countries = ["DE", "US", "NP", "FR"], Words = ["", "google", "x'y", "\U0001F6D2"];

    private readonly Random _random;
    private readonly string _data;
    private readonly IOptions<FootfallOptions> _options;
    private readonly SiteRegistry _sites;
    private readonly HashSet<long> _moments = [];
    private readonly List<string> _unacknowledged = [];
    private readonly long _now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
    private int _orders;

    public CrashWorkload(string data, int seed)
    {
        (_data, _random) = (data, new Random(seed));
        _options = Options.Create(new FootfallOptions
        {
            DataDirectory = data,
            Durability = Durability.Os,
            Sites = [.. Named.Select(site => new SiteOptions { Domain = site.Domain, TimeZone = site.Zone })],
        });
        _sites = new SiteRegistry(_options, TimeProvider.System);
        Sites = [.. Named.Select(site => _sites.GetOrAddStored(site.Domain))];
    }

    public Site[] Sites { get; }

    public static (string Name, string Value)[] Settings =>
    [
        ("Footfall__Durability", "Os"), ("Footfall__TrustedProxies", "127.0.0.1"),
        .. Named.SelectMany((site, i) =>
            new[] { ($"Footfall__Sites__{i}__Domain", site.Domain), ($"Footfall__Sites__{i}__TimeZone", site.Zone) }),
    ];

    /// <summary>
    /// Every acknowledged hit, as the history must have it: site, day, time, kind, country, path, and whether it is from a bot.
    /// </summary>
    public List<(string Site, DateOnly Day, string Line)> Acknowledged { get; } = [];

    /// <summary>How many transactions were bought, by site.</summary>
    public Dictionary<string, int> Bought { get; } = [];

    /// <summary>Puts hits of days long ago into the journal; no server runs.</summary>
    /// <param name="daysAgo">Even numbers: so that the odd ones, which are limits of retention, may pass midnight meanwhile.</param>
    public async Task AppendAsync(int hits, Site[] sites, params int[] daysAgo)
    {
        using var journal = new SqliteJournal(_options, _sites, new NullLiveState(), new JournalMetrics(
            Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())), NullLogger<SqliteJournal>.Instance, TimeProvider.System);
        using var submission = journal.Rent();
        for (var i = 0; i < hits; i++)
        {
            var site = sites[_random.Next(sites.Length)];
            var day = site.DayOf(_now) - daysAgo[_random.Next(daysAgo.Length)];
            var hit = Hit(site, NextMoment(site.StartOf(day), site.StartOf(day + 1)));
            var before = submission.DetailsWriter.WrittenCount;
            var written = hit.Write(submission.DetailsWriter);
            submission.Add(written with { DetailsLength = submission.DetailsWriter.WrittenCount - before });
            AddAnswered(site, hit.Time, hit.Kind, hit.Country, hit.Texts.GetValueOrDefault(DetailField.Path, ""),
                hit.Bot != BotReason.None);
        }
        Assert.Equal(RejectReason.None, await journal.AppendAsync(submission));
    }

    /// <summary>The first day of a site that is not older than so many days.</summary>
    public DateOnly FirstDayWithin(Site site, int days) => LocalDay.DateOf(site.DayOf(_now) - days);

    /// <summary>Posts events of the last day, some requests one by one, while the server may be killed.</summary>
    public async Task PostSomeAsync(FootfallProcess server)
    {
        try
        {
            for (var i = 0; i < 15; i++)
            {
                lock (_unacknowledged) _unacknowledged.Add(Request());
                await PostUnacknowledgedAsync(server);
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            // What was not acknowledged is sent again later: its ids make that safe.
        }
    }

    public async Task PostUnacknowledgedAsync(FootfallProcess server)
    {
        while (_unacknowledged.Count > 0)
        {
            var (address, body) = _unacknowledged[0].Split('\n', 2) is [var first, var rest] ? (first, rest) : ("", "");
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/events")
            {
                Content = new StringContent(body, System.Text.Encoding.UTF8, "application/x-ndjson"),
                Headers = { { "X-Forwarded-For", address },
                    { "User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0" } },
            };
            using var answer = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.EndsWith("\"rejected\":[]}", text, StringComparison.Ordinal);
            foreach (var line in body.Split('\n'))
            {
                var hit = System.Text.Json.Nodes.JsonNode.Parse(line)!;
                var time = DateTimeOffset.Parse((string)hit["timestamp"]!, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
                var kind = (string?)hit["name"] switch
                {
                    "purchase" => HitKind.Purchase,
                    "visit" => HitKind.Visit,
                    "signup" =>
                    HitKind.Custom,
                    _ => HitKind.PageView
                };
                AddAnswered(_sites.GetOrAddStored((string)hit["site"]!), time, kind, (string)hit["country"]!, (string)hit["url"]!, false);
            }
            lock (_unacknowledged) _unacknowledged.RemoveAt(0);
        }
    }

    /// <summary>An address, and hits of the last day, a line each.</summary>
    private string Request()
    {
        // Only of one of them: yesterday is rolled up again in each run.
        var site = Sites[0];
        var lines = Enumerable.Range(0, _random.Next(1, 10)).Select(_ =>
        {
            // Not quite a day: it may be sent again a minute later.
            var time = NextMoment(_now - 23 * 3_600_000, _now - 60_000);
            var kind = _random.Next(8);
            var name = kind switch { 0 => "purchase", 1 => "visit", 2 => "signup", _ => "page_view" };
            var order = kind == 0
                ? $",\"transaction_id\":\"T{Order(site)}\",\"value\":{time % 1000}.5,\"items\":[{{\"item_id\":\"S{time % 7}\"," +
                    $"\"price\":2}}]" : "";
            return $$$"""{"id":"{{{time}}}","site":"{{{site.Domain}}}","name":"{{{name}}}","url":"/p/{{{time}}}",""" +
                $$$""" "country":"{{{Countries[(int)(time % 4)]}}}",""" +
                $$$""" "timestamp":"{{{DateTimeOffset.FromUnixTimeMilliseconds(time):O}}}","props":{"plan":"{{{time % 5}}}"}{{{order}}}}""";
        });
        return $"198.51.{_random.Next(4)}.{_random.Next(250)}\n{string.Join('\n', lines)}";
    }

    private TestHit Hit(Site site, long time)
    {
        var kind = (HitKind)_random.Next(9);
        var bot = kind != HitKind.Visit && _random.Next(12) == 0 ? (BotReason)_random.Next(1, 3) : BotReason.None;
        // A visitor of a day: the day is part of the hash.
        var visitor = (ulong)(site.DayOf(time) * 1_000 + _random.Next(40) + 1);
        return new TestHit(site, time, kind, kind == HitKind.Visit ? 0 : visitor, Countries[_random.Next(4)], bot)
        {
            Texts = Texts(kind, site, time),
            Value = kind is HitKind.Purchase or HitKind.Refund or HitKind.Custom ? _random.Next(1_000_000) / 100m : null,
            Items = kind is HitKind.Visit or HitKind.Custom ? [] : [.. Enumerable.Range(0, _random.Next(3))
                .Select(_ => new TestItem($"S{_random.Next(30)}", "Lamp", Price: _random.Next(1_000), Quantity: _random.Next(1, 3)))],
            Props = new Dictionary<string, string> { ["plan"] = Words[_random.Next(4)] },
            Campaign = new Dictionary<string, string> { ["utm_source"] = $"u{_random.Next(20)}" },
        };
    }

    private Dictionary<DetailField, string> Texts(HitKind kind, Site site, long time)
    {
        Dictionary<DetailField, string> texts = new()
        {
            [DetailField.Path] = $"/p/{time}",
            [DetailField.Host] = site.Domain,
            [DetailField.Browser] = $"b{_random.Next(5)}",
            [DetailField.Source] = Words[_random.Next(4)]
        };
        if (kind == HitKind.Custom) texts[DetailField.Name] = $"event {_random.Next(4)}";
        if (kind == HitKind.Purchase) texts[DetailField.TransactionId] = $"T{Order(site)}";
        return texts;
    }

    private int Order(Site site)
    {
        Bought[site.Domain] = Bought.GetValueOrDefault(site.Domain) + 1;
        return ++_orders;
    }

    private long NextMoment(long from, long until)
    {
        while (true)
        {
            var moment = from + _random.NextInt64(until - from);
            lock (_moments)
                if (_moments.Add(moment)) return moment;
        }
    }

    private void AddAnswered(Site site, long time, HitKind kind, string country, string path, bool bot) =>
        Acknowledged.Add((site.Domain, LocalDay.DateOf(site.DayOf(time)),
            $"{site.Domain} {LocalDay.DateOf(site.DayOf(time)):yyyy-MM-dd} {time} {(int)kind} {(bot ? country : "")} {path}"));
}
