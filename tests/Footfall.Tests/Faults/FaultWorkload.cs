using System.Collections.Concurrent;
using System.Text.Json;

namespace Footfall.Tests.Faults;

/// <summary>
/// Shops that post visits while something fails: each visit has a key, and is sent again with it, to the next node if there are several,
/// until it succeeds. Each response is kept with its number: the numbers of a country identify each visit, so that
/// one that is lost does not hide another one that is counted twice.
/// </summary>
internal sealed class FaultWorkload
{
    /// <summary>The shop that visits are of, unless a test needs another one.</summary>
    public const string Site = "fault.example";

    private const int Clients = 8;

    private static readonly string[] Countries = ["us", "fr", "de", "br"];

    /// <summary>
    /// A visit without success for longer than this will never succeed, and a request that hangs for longer than the second is one that
    /// gets no response. Neither measures speed.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2), Longest = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100), BetweenVisits = TimeSpan.FromMilliseconds(5);

    private readonly Uri[] _nodes;
    private readonly string _site;
    private readonly ConcurrentQueue<(string Country, long Number)> _responses = [];
    private readonly ConcurrentDictionary<string, int> _refusals = [];
    private readonly ConcurrentQueue<string> _unexpected = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly long[] _recovered = new long[Clients];
    private readonly Task _sending;
    private long _recoveryStart = long.MaxValue;
    private int _requests, _answered;

    private FaultWorkload(Uri[] nodes, string site)
    {
        (_nodes, _site) = (nodes, site);
        _sending = Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => RunAsync(client), Stop)));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public int Requests => Volatile.Read(ref _requests);

    public int Answered => Volatile.Read(ref _answered);

    /// <summary>
    /// The failed requests, by code; those without a response are under <c>NO_ANSWER</c>.
    /// </summary>
    public IReadOnlyDictionary<string, int> Refusals => _refusals;

    /// <summary>
    /// Responses that no fault explains: a status other than 503 (from Nginx 502 and 504), or no <c>Retry-After</c>.
    /// </summary>
    public IReadOnlyCollection<string> Wrong => _unexpected;

    /// <summary>The number in the response to each visit, by country.</summary>
    public ILookup<string, long> Numbers => _responses.ToLookup(response => response.Country, response => response.Number);

    /// <param name="nodes">Each client takes them in turn.</param>
    public static FaultWorkload Start(string site, params Uri[] nodes) => new(nodes, site);

    public static FaultWorkload Start(params Uri[] nodes) => new(nodes, Site);

    /// <summary>Waits until so many more visits are acknowledged.</summary>
    public Task WaitForAnsweredAsync(int more)
    {
        var until = Answered + more;
        return BecomesAsync(() => Answered >= until, $"{more} more visits are answered");
    }

    /// <summary>Waits until so many requests were rejected or got no response.</summary>
    public Task WaitForRefusedAsync(int least = Clients) =>
        BecomesAsync(() => _refusals.Values.Sum() >= least, $"{least} requests are refused");

    /// <summary>Marks the moment of recovery.</summary>
    public void MarkRecoveryStart()
    {
        Array.Clear(_recovered);
        Volatile.Write(ref _recoveryStart, TimeProvider.System.GetTimestamp());
    }

    /// <summary>Waits until a new request of each client succeeds.</summary>
    /// <returns>How long after the mark that was.</returns>
    public async Task<TimeSpan> WaitForRecoveryAsync()
    {
        await BecomesAsync(() =>
            Enumerable.Range(0, Clients).All(client => Volatile.Read(ref _recovered[client]) > 0), "all clients are answered again");
        return TimeProvider.System.GetElapsedTime(_recoveryStart, _recovered.Max());
    }

    /// <summary>Starts no more visits, and waits until those in flight are acknowledged.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _sending;
    }

    private async Task BecomesAsync(Func<bool> condition, string what)
    {
        await Eventually.BecomesAsync(() => Task.FromResult(_sending.IsCompleted || condition()),
            $"{what} ({Answered} answered of {Requests}; {string.Join(", ", _refusals)})");
        if (_sending.IsCompleted) await _sending;
    }

    private async Task RunAsync(int client)
    {
        using var http = new HttpClient(new ConnectionFaultHandler(new SocketsHttpHandler { UseCookies = false })) { Timeout = Longest };
        for (var visit = 0; !_stopping.IsCancellationRequested; visit++)
        {
            await PostAsync(http, client, visit);
            await Task.Delay(BetweenVisits, TimeProvider.System, Stop);
        }
    }

    private async Task PostAsync(HttpClient http, int client, int visit)
    {
        var (first, country) = (TimeProvider.System.GetTimestamp(), Countries[(client + visit) % Countries.Length]);
        for (var attempt = 0; ; attempt++)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(first) < Patience, $"visit {visit} of client {client} is never answered");
            var begun = TimeProvider.System.GetTimestamp();
            if (await TryAsync(http, _nodes[(client + visit + attempt) % _nodes.Length], $"{client}-{visit}", country))
            {
                Interlocked.Increment(ref _answered);
                if (begun > Volatile.Read(ref _recoveryStart) && _recovered[client] == 0)
                    Volatile.Write(ref _recovered[client], TimeProvider.System.GetTimestamp());
                return;
            }
            await Task.Delay(Pause, TimeProvider.System, Stop);
        }
    }

    private async Task<bool> TryAsync(HttpClient http, Uri node, string key, string country)
    {
        Interlocked.Increment(ref _requests);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post,
                new Uri(node, $"/api/v1/stats?countryCode={country}&site={_site}"))
            { Headers = { { "Idempotency-Key", key } } };
            using var response = await http.SendAsync(request, Stop);
            if (response.StatusCode == HttpStatusCode.Created)
            {
                var (counted, number) = (await response.Content.ReadFromJsonAsync<Dictionary<string, long>>(Stop))!.Single();
                _responses.Enqueue((counted, number));
                return true;
            }
            var text = await response.Content.ReadAsStringAsync(Stop);
            var usual = response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway
                or HttpStatusCode.GatewayTimeout && response.Headers.RetryAfter is not null;
            if (!usual) _unexpected.Enqueue($"{(int)response.StatusCode} {text}");
            CountRefusal(usual ? JsonSerializer.Deserialize<JsonElement>(text).GetProperty("code").GetString()! : "WRONG");
        }
        catch (HttpRequestException)
        {
            CountRefusal("NO_ANSWER");
        }
        return false;
    }

    private void CountRefusal(string code) => _refusals.AddOrUpdate(code, 1, static (_, count) => count + 1);
}
