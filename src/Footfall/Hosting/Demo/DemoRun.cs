using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Channels;
using Footfall.Hosting.Control;

namespace Footfall.Hosting.Demo;

/// <summary>What was counted so far.</summary>
/// <param name="At">How much of the day is played.</param>
internal readonly record struct DemoTotals(TimeSpan At, long Hits, long Visits, long Orders, decimal Revenue, bool Waiting);

/// <summary>Plays a day against a server, each hit when its time comes. A hit that the server can't take now, or whose answer was lost, is sent again under the same id.</summary>
/// <param name="http">Its base address is the server.</param>
/// <param name="speed">How many times faster than the clock.</param>
/// <param name="began">Where the day is over already, when it began: its hits are dated by it, and sent at once.</param>
internal sealed class DemoRun(HttpClient http, string site, double speed, TimeProvider time, DateTimeOffset? began = null)
{
    /// <summary>Hits of one visit are sent one after the other, by one of these; so many requests are under way at most.</summary>
    private const int Senders = 16;

    /// <summary>How many hits may wait for a sender: beyond, the day goes on as fast as the server does.</summary>
    private const int Queue = 256;

    /// <summary>Of a day that is over the hits come nearly in their order, since there is no clock that keeps the senders together.</summary>
    private const int ShortQueue = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>The same day played again is another one.</summary>
    private readonly string _run = Guid.NewGuid().ToString("N")[..12];

    private readonly Lock _lock = new();
    private DemoTotals _totals;
    private bool _answered;

    public DemoTotals Totals
    {
        get
        {
            lock (_lock) return _totals;
        }
    }

    /// <exception cref="CommandException">There is no server, or it refuses the hits.</exception>
    public async Task PlayAsync(IEnumerable<DemoHit> hits, CancellationToken stop)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var channels = Enumerable.Range(0, Senders).Select(_ => Channel.CreateBounded<DemoHit>(began is null ? Queue : ShortQueue)).ToList();
        var senders = channels.Select(channel => SendAsync(channel.Reader, failed)).ToList();
        try
        {
            var start = time.GetTimestamp();
            foreach (var hit in hits)
            {
                var early = began is null ? hit.At / speed - time.GetElapsedTime(start) : TimeSpan.Zero;
                if (early > TimeSpan.Zero) await Task.Delay(early, time, failed.Token);
                await channels[hit.Visit % Senders].Writer.WriteAsync(hit, failed.Token);
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // A sender has failed; it says why below.
        }
        finally
        {
            foreach (var channel in channels) channel.Writer.Complete();
        }
        await Task.WhenAll(senders);
    }

    private async Task SendAsync(ChannelReader<DemoHit> hits, CancellationTokenSource failed)
    {
        try
        {
            await foreach (var hit in hits.ReadAllAsync(failed.Token)) await SendAsync(hit, failed.Token);
        }
        catch
        {
            await failed.CancelAsync();
            throw;
        }
    }

    private async Task SendAsync(DemoHit hit, CancellationToken stop)
    {
        var body = Body(hit, $"{_run}-{Guid.NewGuid():N}");
        while (true)
        {
            if (await TrySendAsync(hit, body, stop) is not { } wait) break;
            lock (_lock) _totals = _totals with { Waiting = true };
            await Task.Delay(wait, time, stop);
        }
        var worth = hit.Name == "purchase" ? Worth(hit) : 0;
        lock (_lock)
        {
            _answered = true;
            _totals = new(
                hit.At > _totals.At ? hit.At : _totals.At, _totals.Hits + 1, _totals.Visits + (hit.First ? 1 : 0),
                _totals.Orders + (hit.Name == "purchase" ? 1 : 0), _totals.Revenue + worth, Waiting: false);
        }
    }

    /// <returns>How long to wait before the next try; null when it was counted.</returns>
    private async Task<TimeSpan?> TrySendAsync(DemoHit hit, ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/events") { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", hit.Visitor.UserAgent);
        request.Headers.TryAddWithoutValidation("Accept-Language", hit.Visitor.Country.Language);
        try
        {
            using var answer = await http.SendAsync(request, stop);
            if (answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests) return answer.Headers.RetryAfter?.Delta ?? Pause;
            var text = await answer.Content.ReadAsStringAsync(stop);
            if (answer.StatusCode != HttpStatusCode.Accepted) throw new CommandException($"{http.BaseAddress} does not take events: it answered {(int)answer.StatusCode}. Is it a Footfall?");
            if (Refusal(text) is { } refusal) throw new CommandException($"The server refuses the hits of {site}: {refusal}");
            return null;
        }
        catch (HttpRequestException error) when (!_answered)
        {
            throw new CommandException($"There is no server at {http.BaseAddress}: start one with footfall, or name another one with --url. ({error.Message})");
        }
        catch (HttpRequestException)
        {
            // It was there before, and may be again: its own ids keep the hits from being counted twice.
            return Pause;
        }
    }

    private static string? Refusal(string answer)
    {
        using var json = JsonDocument.Parse(answer);
        var rejected = json.RootElement.GetProperty("rejected");
        return rejected.GetArrayLength() == 0 ? null : rejected[0].GetProperty("error").GetString();
    }

    private static decimal Worth(DemoHit hit) => hit.Items.Sum(line => line.Product.Price * line.Quantity);

    private byte[] Body(DemoHit hit, string id)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("site", site);
            json.WriteString("name", hit.Name);
            json.WriteString("url", $"https://{site}{hit.Path}{(hit.First ? hit.Visitor.Link : "")}");
            if (hit.First && hit.Visitor.Referrer is { } referrer) json.WriteString("referrer", referrer);
            if (began is { } day) json.WriteString("timestamp", day + hit.At);
            json.WriteString("country", hit.Visitor.Country.Code);
            json.WriteNumber("screen", hit.Visitor.Screen);
            if (hit.Items.Count > 0) WriteItems(json, hit);
            json.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    private void WriteItems(Utf8JsonWriter json, DemoHit hit)
    {
        if (hit.Name == "purchase") json.WriteString("transaction_id", $"{_run}-{hit.Visit}");
        json.WriteNumber("value", Worth(hit));
        json.WriteString("currency", "EUR");
        json.WriteStartArray("items");
        foreach (var (product, quantity) in hit.Items)
        {
            json.WriteStartObject();
            json.WriteString("item_id", product.Id);
            json.WriteString("item_name", product.Name);
            json.WriteString("item_category", product.Category);
            json.WriteNumber("price", product.Price);
            json.WriteNumber("quantity", quantity);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
