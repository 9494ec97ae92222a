using System.ComponentModel.DataAnnotations;

namespace Footfall.Common;

/// <summary>
/// The settings, from <c>appsettings.json</c>, the environment (<c>Footfall__Name</c>) or the command line (<c>--Footfall:Name</c>).
/// </summary>
internal sealed class FootfallOptions
{
    public const string Section = "Footfall";

    /// <summary>Where everything durable is kept; made when it is missing.</summary>
    /// <value>A path, relative to where the program is started. Default <c>data</c>.</value>
    [Required(AllowEmptyStrings = false)]
    public string DataDirectory { get; init; } = "data";

    /// <summary>The store of the journal.</summary>
    /// <value><c>Sqlite</c>, the default: a file of this machine. <c>Redis</c>: shared by any number of nodes.</value>
    [EnumDataType(typeof(JournalKind))]
    public JournalKind Journal { get; init; } = JournalKind.Sqlite;

    /// <summary>What a successful response waits for.</summary>
    /// <value><c>Fsync</c>, the default: safe against a power cut. <c>Os</c>: safe against a killed process only.</value>
    [EnumDataType(typeof(Durability))]
    public Durability Durability { get; init; } = Durability.Fsync;

    /// <summary>Where the journal is when it is on Redis.</summary>
    public RedisOptions Redis { get; init; } = new();

    /// <summary>The limits by client address.</summary>
    public RateLimitOptions RateLimit { get; init; } = new();

    /// <summary>The networks whose <c>X-Forwarded-For</c> is trusted, separated by commas: <c>10.0.0.0/8, 192.0.2.7</c>.</summary>
    /// <value>Addresses or networks in CIDR notation. Default none.</value>
    public string TrustedProxies { get; init; } = "";

    /// <summary>The sites that may send hits. With none, any well-formed domain may, up to 1,000 of them.</summary>
    public IReadOnlyList<SiteOptions> Sites { get; init; } = [];

    /// <summary>The origins whose pages may call the API (CORS), separated by commas.</summary>
    /// <value><c>*</c>, the default, or origins such as <c>https://shop.example</c>.</value>
    public string AllowedOrigins { get; init; } = "*";

    /// <summary>Whether the country that a caller names is believed; otherwise the address decides.</summary>
    /// <value>Default <c>true</c>.</value>
    public bool AcceptCountry { get; init; } = true;

    /// <summary>A country file in MaxMind's format (<c>.mmdb</c>) in place of the built-in one.</summary>
    /// <value>A path. Default none: the built-in file.</value>
    public string? CountryDatabase { get; init; }

    /// <summary>The largest body of <c>POST /api/v1/events</c>, in bytes, before and after decompression.</summary>
    /// <value>1,024 to 268,435,456. Default 8,388,608 (8 MiB).</value>
    [Range(1 << 10, 1 << 28)]
    public int MaxEventsBytes { get; init; } = 8 << 20;

    /// <summary>
    /// The memory that all bodies of <c>POST /api/v1/events</c> may take together while they are received and decompressed; a request
    /// beyond is answered 503 <c>BUSY</c>.
    /// </summary>
    /// <value>8 to 65,536 MiB, and at least four times <see cref="MaxEventsBytes"/>. Default 64.</value>
    [Range(8, 1 << 16)]
    public int BodyMemoryMegabytes { get; init; } = 64;

    /// <summary>How many sites may send their first hit in a day, where <see cref="Sites"/> names none.</summary>
    /// <value>1 to 1,000. Default 100.</value>
    [Range(1, 1_000)]
    public int NewSitesPerDay { get; init; } = 100;

    /// <summary>The most hits that may wait for a commit; a request beyond gets a 503.</summary>
    /// <value>1 to 10,000,000. Default 200,000.</value>
    [Range(1, 10_000_000)]
    public int QueueLimit { get; init; } = 200_000;

    /// <summary>The history: the store for queries of any period.</summary>
    public HistoryOptions History { get; init; } = new();

    /// <summary>How long a stop waits for requests under way, in seconds.</summary>
    /// <value>1 to 600. Default 20.</value>
    [Range(1, 600)]
    public int ShutdownSeconds { get; init; } = 20;

    /// <summary>
    /// Whether the demo shop is served at <c>/demo</c>. Where <see cref="Sites"/> names shops, <c>demo.example</c> must be one of them too.
    /// </summary>
    /// <value>Default <c>true</c>.</value>
    public bool Demo { get; init; } = true;

    /// <summary>
    /// How long a node that stops still takes requests, in seconds: it is no longer ready, and closes each connection after its response,
    /// so that proxies stop using it.
    /// </summary>
    /// <value>0 to 300. Default 0: without a proxy there is nothing to wait for.</value>
    [Range(0, 300)]
    public int DrainSeconds { get; init; }

    /// <summary>Limits of history queries.</summary>
    public QueryOptions Query { get; init; } = new();

    /// <summary>Filters that queries name by a number. Default none.</summary>
    public IReadOnlyList<SegmentOptions> Segments { get; init; } = [];
}

internal enum JournalKind
{
    Sqlite,
    Redis,
}

internal enum Durability
{
    Fsync,
    Os,
}

internal sealed class RedisOptions
{
    /// <summary>
    /// The servers, and how to reach them: addresses separated by commas, then options, as StackExchange.Redis reads them. Of a Cluster any
    /// of its servers is enough.
    /// </summary>
    /// <value>Such as <c>redis-1:6379,redis-2:6379,password=secret,ssl=true</c>. Default <c>localhost:6379</c>.</value>
    [Required(AllowEmptyStrings = false)]
    public string Connection { get; init; } = "localhost:6379";

    /// <summary>How the names of all keys begin, so that several installations may share one Redis.</summary>
    /// <value>1 to 40 letters, digits, dots, dashes and underscores. Default <c>footfall</c>.</value>
    [RegularExpression("^[A-Za-z0-9_.-]{1,40}$")]
    public string Prefix { get; init; } = "footfall";

    /// <summary>
    /// The parts that the journal is divided into, a site in one of them. Chosen once: it can't be changed when there is data.
    /// </summary>
    /// <value>1 to 256. Default 16.</value>
    [Range(1, 256)]
    public int Shards { get; init; } = 16;

    /// <summary>How long a request waits for Redis before it gets a 503, in seconds.</summary>
    /// <value>1 to 60. Default 5.</value>
    [Range(1, 60)]
    public int TimeoutSeconds { get; init; } = 5;

    /// <summary>How many replicas must have a hit before it is acknowledged (WAIT).</summary>
    /// <value>0 to 5. Default 0.</value>
    [Range(0, 5)]
    public int MinReplicas { get; init; }

    /// <summary>How long hits stay in the streams at most, also where a history has not read them, in hours.</summary>
    /// <value>1 to 8,760. Default 72.</value>
    [Range(1, 8_760)]
    public int StreamHours { get; init; } = 72;

    /// <summary>How much memory the streams may take together, also where a history has not read them, in MiB.</summary>
    /// <value>1 to 1,048,576. Default 2,048.</value>
    [Range(1, 1 << 20)]
    public int StreamMegabytes { get; init; } = 2_048;
}

internal enum RateLimitScope
{
    Node,
    Cluster,
}

internal sealed class RateLimitOptions
{
    /// <summary>Whether each node counts by itself, or all nodes together in Redis.</summary>
    /// <value><c>Node</c>, the default, or <c>Cluster</c>, which needs the journal on Redis.</value>
    [EnumDataType(typeof(RateLimitScope))]
    public RateLimitScope Scope { get; init; } = RateLimitScope.Node;

    /// <summary>Requests a minute from one address (IPv4) or one /64 network (IPv6).</summary>
    /// <value>0 to 1,000,000; 0 turns off this limit and all others of this section. Default 100.</value>
    [Range(0, 1_000_000)]
    public int PerMinute { get; init; } = 100;

    /// <summary>Requests a minute from one client to the endpoints that take events: <c>/api/v1/events</c> and the pixel.</summary>
    /// <value>0 to 10,000,000; 0 turns the limit off. Default 60,000: a thousand visitors behind one address, or a busy shop's
    /// backend.</value>
    [Range(0, 10_000_000)]
    public int EventsPerMinute { get; init; } = 60_000;

    /// <summary>Queries a minute from one client, as above; counted by each node.</summary>
    /// <value>0 to 1,000,000; 0 turns the limit off. Default 6,000.</value>
    [Range(0, 1_000_000)]
    public int QueriesPerMinute { get; init; } = 6_000;

    /// <summary>Exports a minute from one client; counted by each node.</summary>
    /// <value>0 to 1,000,000; 0 turns the limit off. Default 60.</value>
    [Range(0, 1_000_000)]
    public int ExportsPerMinute { get; init; } = 60;

    /// <summary>Live streams that one client may have open at once, at each node.</summary>
    /// <value>0 to 1,000,000; 0 turns the limit off. Default 1,000.</value>
    [Range(0, 1_000_000)]
    public int LiveConnections { get; init; } = 1_000;
}

internal sealed class HistoryOptions
{
    /// <summary>Whether this program keeps a history. Without one it counts and shows live statistics, but runs no queries.</summary>
    /// <value>Default <c>true</c>.</value>
    public bool Enabled { get; init; } = true;

    /// <summary>The most memory that the history's engine may take, in MiB; beyond it works on the disk.</summary>
    /// <value>64 to 1,048,576. Default 512.</value>
    [Range(64, 1 << 20)]
    public int MemoryMegabytes { get; init; } = 512;

    /// <summary>The threads of the history's engine.</summary>
    /// <value>0 to 256; 0, the default, for as many as there are processors.</value>
    [Range(0, 256)]
    public int Threads { get; init; }

    /// <summary>
    /// How many texts (paths, products, values of props …) that the history does not have yet one site may bring in a day; further ones are
    /// kept as <c>(other)</c>.
    /// </summary>
    /// <value>1,000 to 1,000,000,000. Default 250,000.</value>
    [Range(1_000, 1_000_000_000)]
    public int NewTextsPerDay { get; init; } = 250_000;

    /// <summary>How long hits are kept, in days; the rollups of older days still serve queries with one dimension.</summary>
    /// <value>0 to 36,500; 0, the default, keeps them forever.</value>
    [Range(0, 36_500)]
    public int HitsDays { get; init; }

    /// <summary>
    /// How long rollups are kept, in days; those of a day whose hits are kept stay with them, so that this matters only where
    /// <see cref="HitsDays"/> is set.
    /// </summary>
    /// <value>0 to 36,500; 0, the default, keeps them forever.</value>
    [Range(0, 36_500)]
    public int RollupsDays { get; init; }

    /// <summary>How long anything of a day is kept, in days; 0 keeps it forever.</summary>
    public int GetRetentionDays() => HitsDays > 0 && RollupsDays > 0 ? Math.Max(HitsDays, RollupsDays) : 0;

    /// <summary>The start of what a history with these settings keeps, in Unix milliseconds; null for no limit.</summary>
    /// <param name="now">Unix time in milliseconds.</param>
    public long? GetRetentionStart(Site site, long now) =>
        Enabled && GetRetentionDays() > 0 ? site.StartOf(site.DayOf(now) - GetRetentionDays()) : null;

    /// <summary>A file of exchange rates, by which money is converted to the currency of the site; read again when it changes.</summary>
    /// <value>A path of a CSV file with lines such as <c>2026-11-24,USD,1.0512</c>: 1 euro is 1.0512 US dollars. Default none: money is
    /// reported by currency.</value>
    public string? Rates { get; init; }
}

internal sealed class QueryOptions
{
    /// <summary>The most queries that run at once.</summary>
    /// <value>1 to 64. Default 2.</value>
    [Range(1, 64)]
    public int MaxConcurrent { get; init; } = 2;

    /// <summary>The most queries that may wait, at most half of them of one client; further ones get 503.</summary>
    /// <value>0 to 10,000. Default 128.</value>
    [Range(0, 10_000)]
    public int QueueLimit { get; init; } = 128;

    /// <summary>How long a query may take, including its wait, in seconds.</summary>
    /// <value>1 to 600. Default 30.</value>
    [Range(1, 600)]
    public int TimeoutSeconds { get; init; } = 30;

    /// <summary>The most exports at once, at most half of them, or one, of one client; further ones get 503.</summary>
    /// <value>1 to 64. Default 2.</value>
    [Range(1, 64)]
    public int MaxExports { get; init; } = 2;
}

internal sealed class SiteOptions
{
    /// <summary>The domain of the shop.</summary>
    /// <value>1 to 253 characters, such as <c>shop.example</c>.</value>
    [Required(AllowEmptyStrings = false)]
    public string Domain { get; init; } = "";

    /// <summary>Where the site's day begins.</summary>
    /// <value>A name of the IANA time zone database, such as <c>Europe/Berlin</c>. Default <c>UTC</c>.</value>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>The currency of totals.</summary>
    /// <value>ISO 4217. Default <c>EUR</c>.</value>
    [RegularExpression("^[A-Z]{3}$")]
    public string Currency { get; init; } = "EUR";
}

internal sealed class SegmentOptions
{
    /// <summary>The number by which queries name it.</summary>
    /// <value>1 to 999,999,999.</value>
    [RegularExpression("^[1-9][0-9]{0,8}$")]
    public string Id { get; init; } = "";

    /// <summary>The filters; all must match.</summary>
    /// <value>JSON as in queries: <c>[["is", "visit:source", ["opensource.com"]]]</c>.</value>
    [Required(AllowEmptyStrings = false)]
    public string Filters { get; init; } = "";
}
