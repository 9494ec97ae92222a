namespace Footfall.Tests.Faults;

/// <summary>Nodes as processes of their own on one Redis, and the counts compared at the end.</summary>
public abstract class FaultTest : IAsyncDisposable
{
    private readonly List<TemporaryDirectory> _data = [];
    private readonly List<FootfallProcess> _nodes = [];

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Starts nodes without a history.</summary>
    /// <param name="settings">Names below <c>Footfall__</c>.</param>
    private protected async Task<FootfallProcess[]> StartNodesAsync(int nodes, string connection,
        params (string Name, string Value)[] settings)
    {
        var data = Enumerable.Range(0, nodes).Select(_ => new TemporaryDirectory()).ToList();
        _data.AddRange(data);
        var all = settings.Select(setting => ($"Footfall__{setting.Name}", setting.Value))
            .Concat([("Footfall__Journal", "Redis"), ("Footfall__Redis__Connection", connection), ("Footfall__History__Enabled", "false"),
                ("Footfall__TrustedProxies", "127.0.0.0/8")]).ToArray();
        var started = await Task.WhenAll(data.Select(directory => FootfallProcess.StartAsync(directory, null, all)));
        _nodes.AddRange(started);
        return started;
    }

    /// <summary>Ends the load, and asserts that a node counted each acknowledged visit once.</summary>
    private protected static async Task AssertExactAsync(string fault, FaultWorkload load, FootfallProcess node, TimeSpan recovered,
        string site = FaultWorkload.Site)
    {
        var row = await EndAsync(fault, load, node, recovered, site);
        Assert.True((row.Lost, row.CountedTwice) == (0, 0) && row.Counted == row.Answered, $"{row}\n{node.Output}");
    }

    /// <summary>Ends the load, and compares.</summary>
    private protected static async Task<FaultReport> EndAsync(string fault, FaultWorkload load, FootfallProcess node, TimeSpan recovered,
        string site = FaultWorkload.Site)
    {
        await load.StopAsync();
        Assert.Empty(load.Wrong);
        return FaultReport.Compare(fault, load, await StatsAsync(node.Http, site), recovered);
    }

    private protected static async Task<Dictionary<string, long>> StatsAsync(HttpClient http, string site = FaultWorkload.Site) =>
        (await http.GetFromJsonAsync<Dictionary<string, long>>($"/api/v1/stats?site={site}", Stop))!;

    /// <summary>Waits until <c>/healthz</c> of a node has a status and all parts of a text.</summary>
    private protected static Task WaitForHealthAsync(FootfallProcess node, HttpStatusCode status, string text = "") =>
        Eventually.BecomesAsync(
        async () =>
        {
            using var response = await node.Http.GetAsync("/healthz", Stop);
            return response.StatusCode == status
                && (await response.Content.ReadAsStringAsync(Stop)).Contains(text, StringComparison.Ordinal);
        },
        $"/healthz says {(int)status} {text}");

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
        foreach (var directory in _data) directory.Dispose();
    }
}
