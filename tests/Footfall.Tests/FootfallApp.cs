using Footfall.Journal;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Footfall.Tests;

/// <summary>
/// The real program on real Kestrel, in this process so that a test can give it a clock: a free loopback port, and a data directory
/// of its own that is deleted with it.
/// </summary>
internal sealed class FootfallApp : WebApplicationFactory<Program>
{
    private readonly TimeProvider? _time;
    private readonly Dictionary<string, string> _settings;
    private readonly Action<IServiceCollection>? _services;
    private readonly bool _ownsData;

    private FootfallApp(string? data, TimeProvider? time, IEnumerable<(string Name, string Value)> settings,
        Action<IServiceCollection>? services = null)
    {
        _services = services;
        _time = time;
        _settings = settings.ToDictionary(setting => setting.Name, setting => setting.Value);
        _ownsData = data is null;
        Data = data ?? Directory.CreateTempSubdirectory("footfall-test-").FullName;
        UseKestrel();
        StartServer();
    }

    /// <summary>The data directory.</summary>
    public string Data { get; }

    /// <summary>A client of the server's real address, without redirects.</summary>
    public HttpClient Http => field ??= new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        BaseAddress = Address,
    };

    public Uri Address => ClientOptions.BaseAddress;

    /// <summary>Starts a server.</summary>
    /// <param name="settings">Names below <c>Footfall:</c>, such as <c>RateLimit:PerMinute</c>. The limit is off unless named.</param>
    public static FootfallApp Start(params (string Name, string Value)[] settings) => new(null, null, settings);

    /// <summary>Starts a server with a clock, or on the data directory of another one that has stopped.</summary>
    public static FootfallApp Start(TimeProvider? time, string? data = null, params (string Name, string Value)[] settings) =>
        new(data, time, settings);

    /// <summary>Starts a server in which some services are replaced.</summary>
    public static FootfallApp Start(Action<IServiceCollection> services, params (string Name, string Value)[] settings) =>
        new(null, null, settings, services);

    /// <summary>Posts visits to the stats API.</summary>
    public async Task VisitAsync(string country, int times = 1, string? site = null)
    {
        for (var i = 0; i < times; i++)
        {
            using var response = await Http.PostAsync($"/api/v1/stats?countryCode={country}{(site is null ? "" : $"&site={site}")}", null,
                TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        }
    }

    /// <summary>The visits by country.</summary>
    public async Task<Dictionary<string, long>> StatsAsync(string? site = null) =>
        (await Http.GetFromJsonAsync<Dictionary<string,
            long>>($"/api/v1/stats{(site is null ? "" : $"?site={site}")}", TestContext.Current.CancellationToken))!;

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.ConfigureLogging(logging => logging.ClearProviders());
        // The port by setting: the port that UseKestrel takes is written into a server that may be starting already.
        builder.UseSetting("urls", "http://127.0.0.1:0");
        builder.UseSetting("Footfall:DataDirectory", Data);
        builder.UseSetting("Footfall:RateLimit:PerMinute", "0");
        // Most tests need no history, and each new one takes a tenth of a second of CPU.
        builder.UseSetting("Footfall:History:Enabled", "false");
        builder.UseSetting("Logging:Console:LogLevel:Default", "None");
        foreach (var (name, value) in _settings) builder.UseSetting($"Footfall:{name}", value);
        if (_time is not null) builder.ConfigureTestServices(services => services.AddSingleton(_time));
        if (_services is not null) builder.ConfigureTestServices(_services);
    }

    public override async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await base.DisposeAsync();
        await WaitUntilClosedAsync();
        if (_ownsData) Directory.Delete(Data, recursive: true);
    }

    /// <summary>
    /// The program closes its services on a thread of its own, and may still be at it when the host has stopped: its directory is free when
    /// it is done.
    /// </summary>
    private Task WaitUntilClosedAsync() => Eventually.BecomesAsync(
        () =>
        {
            if (!File.Exists(Path.Combine(Data, DataDirectoryLock.FileName))) return Task.FromResult(true);
            using var free = DataDirectoryLock.TryAcquire(Data);
            return Task.FromResult(free is not null);
        },
        "the data directory is free");
}
