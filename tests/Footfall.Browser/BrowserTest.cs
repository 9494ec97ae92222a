using System.Text.Json;
using System.Text.Json.Nodes;
using Footfall.Tests;
using Microsoft.Playwright;

namespace Footfall.Browser;

/// <summary>A running Footfall with a data directory of its own, and a person with a browser. Each test has its own.</summary>
public abstract class BrowserTest(Chromium chromium) : IAsyncLifetime
{
    private readonly TemporaryDirectory _data = new();
    private readonly List<IBrowserContext> _people = [];
    private FootfallProcess? _footfall;

    /// <summary>The site of all requests below.</summary>
    protected virtual string Site => "shop.example";

    /// <summary>Environment variables of the server.</summary>
    protected virtual (string Name, string Value)[] Settings => [];

    /// <summary>The address of the server, without a slash at its end. It stays the same when the server starts again.</summary>
    protected string Footfall { get; private set; } = "";

    protected HttpClient Http => _footfall!.Http;

    /// <summary>The person's browser.</summary>
    protected IBrowserContext Person { get; private set; } = null!;

    /// <summary>Its only tab.</summary>
    protected IPage Page { get; private set; } = null!;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync()
    {
        await StartAsync();
        Person = await NewPersonAsync();
        Page = await Person.NewPageAsync();
    }

    protected async Task<IBrowserContext> NewPersonAsync(BrowserNewContextOptions? options = null)
    {
        var person = await chromium.PersonAsync(options);
        _people.Add(person);
        return person;
    }

    /// <summary>Sends events of the site, as a person's browser would; all of them must be taken.</summary>
    protected async Task SendAsync(params object[] events)
    {
        var batch = events.Select(each => JsonSerializer.SerializeToNode(each)!.AsObject()).ToList();
        foreach (var each in batch) each["site"] = Site;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/events") { Content = JsonContent.Create(batch) };
        request.Headers.TryAddWithoutValidation("User-Agent", Chromium.UserAgent);
        using var answer = await Http.SendAsync(request, Stop);
        var body = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.IsSuccessStatusCode && body.Contains("\"rejected\":[]", StringComparison.Ordinal), body);
    }

    /// <summary>Presses Tab until what has this name is in the focus.</summary>
    protected async Task TabToAsync(string name)
    {
        for (var i = 0; i < 200; i++)
        {
            await Page.Keyboard.PressAsync("Tab");
            if (await Page.EvaluateAsync<bool>(
                "name => (document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).includes(name)", name))
                return;
        }
        Assert.Fail($"No key leads to {name}");
    }

    /// <summary>What should become so of an element.</summary>
    protected static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    /// <summary>Kills the server: what it acknowledged is durable, and nothing else is.</summary>
    protected Task KillAsync() => _footfall!.KillAsync();

    /// <summary>Starts the server, again at the same address and with the same data where it ran before.</summary>
    protected async Task StartAsync()
    {
        if (_footfall is not null) await _footfall.DisposeAsync();
        (string, string)[] address = Footfall.Length == 0 ? [] : [("ASPNETCORE_URLS", Footfall)];
        _footfall = await FootfallProcess.StartAsync(_data, null, [.. Settings, .. address]);
        Footfall = _footfall.Address.GetLeftPart(UriPartial.Authority);
    }

    /// <summary>The live state: the first event of the stream.</summary>
    protected async Task<Picture> LiveAsync()
    {
        using var stream = new StreamReader(await Http.GetStreamAsync($"/api/v1/stats/live?site={Site}", Stop));
        while (await stream.ReadLineAsync(Stop) is { } line)
            if (line.StartsWith("data: ", StringComparison.Ordinal)) return new Picture(JsonNode.Parse(line[6..])!);
        throw new InvalidOperationException("The live stream ended without a picture.");
    }

    /// <summary>Waits until the live state is as expected.</summary>
    protected async Task<Picture> LiveAsync(Func<Picture, bool> condition, string what)
    {
        Picture? last = null;
        try
        {
            await Eventually.BecomesAsync(async () => condition(last = await LiveAsync()), what);
        }
        catch (Xunit.Sdk.XunitException error)
        {
            throw new InvalidOperationException($"{error.Message}; the picture is {last}", error);
        }
        return last!;
    }

    /// <summary>Queries the history for today.</summary>
    /// <returns>The metrics of each row, after its dimensions.</returns>
    protected async Task<List<string>> QueryAsync(string metrics, string dimensions = "")
    {
        var question = new
        {
            site_id = Site,
            date_range = "day",
            metrics = metrics.Split(','),
            dimensions = dimensions.Split(',', StringSplitOptions.RemoveEmptyEntries)
        };
        using var answer = await Http.PostAsJsonAsync("/api/v1/query", question, Stop);
        var body = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.IsSuccessStatusCode, body);
        return [.. JsonNode.Parse(body)!["results"]!.AsArray().Select(row => string.Join(' ', row!["dimensions"]!.AsArray()
            .Concat(row["metrics"]!.AsArray()).Select(cell => cell is JsonValue ? cell.ToString() : cell?.ToJsonString())))];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var person in _people) await person.DisposeAsync();
        if (_footfall is not null) await _footfall.DisposeAsync();
        _data.Dispose();
        await CleanAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Disposes of what a test class has of its own.</summary>
    protected virtual ValueTask CleanAsync() => ValueTask.CompletedTask;
}
