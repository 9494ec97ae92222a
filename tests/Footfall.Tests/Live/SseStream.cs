using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests.Live;

/// <summary>One message as received.</summary>
internal sealed record SseEvent(string Id, string Name, string Data)
{
    public long Sequence => long.Parse(Id[(Id.IndexOf('-') + 1)..]);
}

/// <summary>An open stream of server-sent events, read in the background.</summary>
internal sealed class SseStream : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly HttpResponseMessage _response;
    private readonly List<SseEvent> _events = [];
    private readonly LiveStateClient _client;
    private readonly Task _reading;
    private int _comments;

    private SseStream(HttpResponseMessage response, Stream body, LiveStateClient client)
    {
        (_response, _client) = (response, client);
        _reading = ReadAsync(body);
    }

    public HttpResponseMessage Response => _response;

    /// <summary>How often the server sent a reconnection time.</summary>
    public int Retries { get; private set; }

    public int Comments => Volatile.Read(ref _comments);

    /// <summary>The messages received so far.</summary>
    public IReadOnlyList<SseEvent> Events
    {
        get
        {
            lock (_events) return [.. _events];
        }
    }

    /// <summary>Ends when the server ends the stream properly; fails if the connection breaks.</summary>
    public Task Reading => _reading;

    /// <param name="client">Continues where an earlier stream ended.</param>
    public static Task<SseStream> OpenAsync(FootfallApp app, string query = "", string? lastEventId = null,
        LiveStateClient? client = null) => OpenAsync(app.Http, query, lastEventId, client);

    /// <inheritdoc cref="OpenAsync(FootfallApp, string, string?, LiveStateClient?)"/>
    public static async Task<SseStream> OpenAsync(HttpClient http, string query = "", string? lastEventId = null,
        LiveStateClient? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/stats/live" + query);
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new SseStream(response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), client
            ?? new LiveStateClient());
    }

    /// <summary>Reads the state while nothing changes it.</summary>
    public T ReadState<T>(Func<LiveStateClient, T> read)
    {
        lock (_events) return read(_client);
    }

    /// <summary>Waits until the state is as expected, and advances the clock meanwhile if there is one.</summary>
    public Task WaitUntilAsync(Func<LiveStateClient, bool> condition, FakeTimeProvider? clock = null) =>
        WaitFor.ConditionAsync(() => ReadState(condition) || ThrowIfBroken(), () => ReadState(c => c.ToString()), clock);

    /// <summary>Waits until a number of messages arrived.</summary>
    public Task WaitForCountAsync(int events) =>
        WaitFor.ConditionAsync(() => Count >= events || ThrowIfBroken(), () => $"{Count} of {events} messages");

    /// <summary>How many messages arrived so far.</summary>
    public int Count
    {
        get
        {
            lock (_events) return _events.Count;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _reading.ContinueWith(static _ => { }, TaskScheduler.Default);
        _response.Dispose();
        _closing.Dispose();
    }

    private bool ThrowIfBroken()
    {
        Assert.False(_reading.IsFaulted, $"The stream broke: {_reading.Exception}");
        return false;
    }

    private async Task ReadAsync(Stream body)
    {
        using var lines = new StreamReader(body);
        string id = "", name = "", data = "";
        while (await lines.ReadLineAsync(_closing.Token) is { } line)
        {
            if (line.StartsWith(':')) Interlocked.Increment(ref _comments);
            else if (line.StartsWith("retry: ")) Retries++;
            else if (line.StartsWith("id: ")) id = line[4..];
            else if (line.StartsWith("event: ")) name = line[7..];
            else if (line.StartsWith("data: ")) data += line[6..];
            else Assert.Equal("", line);
            if (line.Length > 0 || data.Length == 0) continue;
            lock (_events)
            {
                _client.Apply(name, data);
                _events.Add(new SseEvent(id, name, data));
            }
            (name, data) = ("", "");
        }
    }
}

internal static class WaitFor
{
    /// <summary>Waits for a condition, and advances the clock meanwhile if there is one.</summary>
    public static async Task ConditionAsync(Func<bool> condition, Func<string>? state = null, FakeTimeProvider? clock = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        for (var polls = 0; !condition(); polls++)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60),
                $"It did not come to that: {state?.Invoke()}");
            // Not faster than twice the real time: a slow machine must not find another minute.
            if (polls % 10 == 0) clock?.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(TimeSpan.FromMilliseconds(polls == 0 ? 1 : 5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
