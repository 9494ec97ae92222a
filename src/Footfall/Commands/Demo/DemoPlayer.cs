using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Channels;

namespace Footfall.Commands.Demo;

/// <summary>The counts so far.</summary>
/// <param name="Played">How much of the day is played.</param>
internal readonly record struct DemoTotals(TimeSpan Played, long Hits, long Visits, long Orders, decimal Revenue, bool Waiting);

/// <summary>
/// Plays a day against a server, each hit when its time comes. A hit that the server can't accept now, or whose response was lost, is sent
/// again with the same id.
/// </summary>
/// <param name="http">Its base address is the server.</param>
/// <param name="speed">How many times faster than the clock.</param>
/// <param name="pastStart">The start of a past day: its hits are dated by it, and sent at once.</param>
internal sealed class DemoPlayer(HttpClient http, string site, double speed, TimeProvider time, DateTimeOffset? pastStart = null)
{
    /// <summary>The number of senders, which limits the concurrent requests; one sender sends all hits of a visit in sequence.</summary>
    private const int Senders = 16;

    /// <summary>How many hits may wait for a sender: beyond this, the server sets the pace.</summary>
    private const int QueueSize = 256;

    /// <summary>Hits of a past day arrive only roughly in order, since no clock synchronizes the senders.</summary>
    private const int PastQueueSize = 2;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>A repeated run of the same day has different ids.</summary>
    private readonly string _run = Guid.NewGuid().ToString("N")[..12];

    private readonly Lock _lock = new();
    private DemoTotals _totals;
    private bool _connected;

    public DemoTotals Totals
    {
        get
        {
            lock (_lock) return _totals;
        }
    }

    /// <exception cref="CommandException">There is no server, or it rejects the hits.</exception>
    public async Task PlayAsync(IEnumerable<DemoHit> hits, CancellationToken cancellationToken)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var channels = Enumerable.Range(0, Senders)
            .Select(_ => Channel.CreateBounded<DemoHit>(pastStart is null ? QueueSize : PastQueueSize)).ToList();
        var senders = channels.Select(channel => SendAsync(channel.Reader, failed)).ToList();
        try
        {
            var start = time.GetTimestamp();
            foreach (var hit in hits)
            {
                var early = pastStart is null ? hit.Offset / speed - time.GetElapsedTime(start) : TimeSpan.Zero;
                if (early > TimeSpan.Zero) await Task.Delay(early, time, failed.Token);
                await channels[hit.Visit % Senders].Writer.WriteAsync(hit, failed.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A sender has failed; the reason is thrown below.
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

    private async Task SendAsync(DemoHit hit, CancellationToken cancellationToken)
    {
        var body = BuildBody(hit, $"{_run}-{Guid.NewGuid():N}");
        while (true)
        {
            if (await TrySendAsync(hit, body, cancellationToken) is not { } wait) break;
            lock (_lock) _totals = _totals with { Waiting = true };
            await Task.Delay(wait, time, cancellationToken);
        }
        var value = hit.Name == "purchase" ? GetValue(hit) : 0;
        lock (_lock)
        {
            _connected = true;
            _totals = new(
                hit.Offset > _totals.Played ? hit.Offset : _totals.Played, _totals.Hits + 1, _totals.Visits + (hit.IsFirst ? 1 : 0),
                _totals.Orders + (hit.Name == "purchase" ? 1 : 0), _totals.Revenue + value, Waiting: false);
        }
    }

    /// <returns>How long to wait before the next try; null when it was counted.</returns>
    private async Task<TimeSpan?> TrySendAsync(DemoHit hit, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/events") { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", hit.Visitor.UserAgent);
        request.Headers.TryAddWithoutValidation("Accept-Language", hit.Visitor.Country.Language);
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            if (response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests)
                return response.Headers.RetryAfter?.Delta ?? RetryDelay;
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            if (response.StatusCode != HttpStatusCode.Accepted) throw new CommandException($"{http.BaseAddress} does not accept events: it "
                + $"returned {(int)response.StatusCode}. Is it a Footfall server?");
            if (ReadRejection(text) is { } rejection) throw new CommandException($"The server rejects the hits of {site}: {rejection}");
            return null;
        }
        catch (HttpRequestException error) when (!_connected)
        {
            throw new CommandException(
                $"There is no server at {http.BaseAddress}: start one with footfall, or name another one with --url. ({error.Message})");
        }
        catch (HttpRequestException)
        {
            // The server was available before and may be again: the ids prevent double counting.
            return RetryDelay;
        }
    }

    private static string? ReadRejection(string response)
    {
        using var json = JsonDocument.Parse(response);
        var rejected = json.RootElement.GetProperty("rejected");
        return rejected.GetArrayLength() == 0 ? null : rejected[0].GetProperty("error").GetString();
    }

    private static decimal GetValue(DemoHit hit) => hit.Items.Sum(line => line.Product.Price * line.Quantity);

    private byte[] BuildBody(DemoHit hit, string id)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("site", site);
            json.WriteString("name", hit.Name);
            json.WriteString("url", $"https://{site}{hit.Path}{(hit.IsFirst ? hit.Visitor.Link : "")}");
            if (hit.IsFirst && hit.Visitor.Referrer is { } referrer) json.WriteString("referrer", referrer);
            if (pastStart is { } day) json.WriteString("timestamp", day + hit.Offset);
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
        json.WriteNumber("value", GetValue(hit));
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
