using System.Net;
using System.Text;
using Footfall.Api.Stats;
using Footfall.Common;
using Footfall.Enrich;
using Footfall.Enrich.Agents;
using Footfall.Ingest;
using Footfall.Journal;
using Footfall.Journal.Sqlite;
using Footfall.Live;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Prometheus;

namespace Footfall.Benchmarks;

/// <summary>
/// The parts of the hit path, each on its own, with real services and a real store in a temporary directory. The benchmarks time them;
/// a test compares the bytes that they allocate with <see cref="AllocatedBytes"/>.
/// </summary>
internal sealed class HotPieces : IDisposable
{
    /// <summary>Hits of one commit of single visits, and of one NDJSON batch.</summary>
    public const int Visits = 128, Batch = 1_000;

    /// <summary>
    /// Bytes that a part may allocate for each hit (for <see cref="PrepareStats"/>: each time). A change that needs more says so here.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, int> AllocatedBytes = new Dictionary<string, int>
    {
        [nameof(ReadVisit)] = 0,
        [nameof(TakeFromLimit)] = 0,
        [nameof(DescribeSender)] = 0,
        [nameof(ReadPageView)] = 0,
        [nameof(ReadPurchase)] = 0,
        [nameof(CommitVisits)] = 1,
        [nameof(CommitKeyedBatch)] = 1,
        [nameof(FoldLive)] = 0,
        [nameof(PrepareStats)] = 8_000,
    };

    private static readonly byte[] PageView = Encoding.UTF8.GetBytes(
        """{"site":"shop.example","name":"page_view","url":"https://shop.example/products/17",""" +
        """ "referrer":"https://www.google.com/","country":"de"}""");

    private static readonly byte[] Purchase = Encoding.UTF8.GetBytes(
        """{"id":"0b1c7f5e-1f4e-4a55-8a55-5d1f6d0f4c11","site":"shop.example","name":"purchase",""" +
        """ "url":"https://shop.example/thanks","country":"de","transaction_id":"T-1001","value":59.9,"currency":"EUR","items":[""" +
        """{"item_id":"SKU1","item_name":"Lamp","item_category":"Home","price":59.9,"quantity":1}],"props":{"plan":"gold"}}""");

    private const string Browser =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";
    private const string Accepted = "de-AT,de;q=0.9,en;q=0.8";

    private readonly string _data = Directory.CreateTempSubdirectory("footfall-bench-").FullName;
    private readonly SiteRegistry _sites;
    private readonly SqliteStore _store;
    private readonly SqliteCommitter _committer;
    private readonly VisitCounters _counters = new();
    private readonly UserAgentParser _agents;
    private readonly HitAcceptor _acceptor;
    private readonly ParseBuffers _buffers = new();
    private readonly FixedWindowCounters _rates = new();
    private readonly LiveState _live;
    private readonly List<Submission> _visits = [];
    private readonly Submission _read = new(_ => { });
    private readonly Country[] _countries = [.. Country.All.Take(200)];
    private readonly KeyHasher _hasher = new(new byte[KeyHasher.SecretBytes], new UnkeyedHashes(TimeProvider.System));
    private ulong _key;
    private long _time = 1_790_000_000_000;

    public HotPieces()
    {
        var options = Options.Create(new FootfallOptions { DataDirectory = _data });
        _sites = new SiteRegistry(options, TimeProvider.System);
        _store = SqliteStore.Open(Path.Combine(_data, SqliteJournal.FileName), fsync: false);
        _committer = new SqliteCommitter(_store, new HitDecider(_counters), [], new JournalClock(TimeProvider.System));
        _live = new LiveState(TimeProvider.System);
        var reference = new ReferenceFiles(ReferenceFiles.DefaultDirectory, options, NullLogger<ReferenceFiles>.Instance);
        _agents = new UserAgentParser(reference);
        var addresses = new ClientAddressResolver(options);
        var origins = new HitOriginFactory(addresses, new VisitorHasher(new OneSalt()),
            new CountryLookup(options, reference, NullLogger<CountryLookup>.Instance), new BotDetector(reference), _agents, options);
        var http = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Loopback } };
        http.Request.Headers.UserAgent = Browser;
        http.Request.Headers.AcceptLanguage = Accepted;
        _acceptor = new HitAcceptor(_sites, _hasher, origins, TimeProvider.System.GetUtcNow(), http);
        for (var i = 0; i < Visits; i++) _visits.Add(new Submission(_ => { }));
    }

    /// <summary>The query of <c>POST /stats</c>.</summary>
    public void ReadVisit()
    {
        const string query = "?countryCode=us&site=default";
        Country.Parse(QueryStringReader.GetValue(query, "countryCode"), out _);
        _sites.GetOrAdd(QueryStringReader.GetValue(query, "site"), out _);
        _hasher.HashHeader(_sites.Default, "0b1c7f5e-1f4e-4a55-8a55-5d1f6d0f4c11");
    }

    public void TakeFromLimit() => _rates.Increment(++_key % 100_000, 0);

    /// <summary>The origin by the headers of a request, from the cache.</summary>
    public void DescribeSender()
    {
        _agents.Parse(Browser);
        AcceptLanguageParser.Parse(Accepted);
    }

    public void ReadPageView() => Read(PageView);

    public void ReadPurchase() => Read(Purchase);

    /// <summary>One commit of <see cref="Visits"/> bare visits from as many requests.</summary>
    public void CommitVisits()
    {
        foreach (var submission in _visits)
        {
            submission.Dispose();
            submission.Add(new Hit(_sites.Default, ++_time, _countries[_time % 200], HitKind.Visit, false, 0, 0, 0, 0, 0));
        }
        _committer.Commit(_visits);
    }

    /// <summary>One commit of one request with <see cref="Batch"/> hits, each with a key of its own.</summary>
    public void CommitKeyedBatch()
    {
        _read.Dispose();
        for (var i = 0; i < Batch; i++)
            _read.Add(new Hit(_sites.Default, ++_time, _countries[_time % 200], HitKind.PageView, false, _key % 5_000 + 1,
                ++_key * 0x9E3779B97F4A7C15, 0, 0, 0));
        _committer.Commit([_read]);
    }

    public void FoldLive()
    {
        ReadOnlySpan<Hit> hits = [new Hit(_sites.Default, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
            _countries[++_key % 200], HitKind.Visit, false, 0, 0, 0, 0, 0)];
        _live.Apply(hits, [new HitOutcome(false, true, hits[0].Country, (long)_key)], replayed: false);
    }

    /// <summary>The body of <c>GET /stats</c> with 200 countries, after a commit.</summary>
    public void PrepareStats()
    {
        if (_counters.Find(_sites.Default) is null) CommitVisits();
        CachedStatsBody.Build(_counters.Find(_sites.Default)!, 1);
    }

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private void Read(byte[] json)
    {
        _read.Dispose();
        var rejection = HitParser.Parse(json, _buffers, out var draft);
        if (rejection == FieldRejection.None) rejection = _acceptor.Accept(draft, _read);
        if (rejection != FieldRejection.None) throw new InvalidOperationException($"The hit was rejected: {rejection.Reason}.");
    }

    private sealed class OneSalt : ISaltStore
    {
        private readonly byte[] _salt = new byte[32];

        public byte[] GetOrCreate(Site site, int day) => _salt;
    }
}
