using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LiveBench;

/// <summary>Posts visits at a steady rate over a few connections, without waiting for the responses to earlier ones.</summary>
internal sealed class Visits(EndPoint server, string site)
{
    private const int Connections = 8;

    private static readonly string[] Countries =
        ["us", "de", "fr", "gb", "jp", "br", "in", "es", "it", "ca", "mx", "nl", "au", "pl", "se", "kr", "tr", "ch", "at", "be"];

    private long _answered, _refused;

    public long Answered => Interlocked.Read(ref _answered);

    public long Refused => Interlocked.Read(ref _refused);

    /// <param name="rate">Visits a second.</param>
    public async Task RunAsync(int rate, int seconds)
    {
        var each = Enumerable.Range(0, Connections).Select(n => OneAsync(rate / (double)Connections, seconds, n));
        await Task.WhenAll(each);
    }

    private async Task OneAsync(double rate, int seconds, int first)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server);
        var requests = Countries.Select(country => Encoding.ASCII.GetBytes(
            $"POST /api/v1/stats?countryCode={country}&site={site} HTTP/1.1\r\nHost: {server}\r\nContent-Length: 0\r\n\r\n")).ToArray();
        var total = (long)(rate * seconds);
        var reading = ReadAsync(socket, total);
        var clock = Stopwatch.StartNew();
        for (long sent = 0; sent < total;)
        {
            for (var due = Math.Min(total, (long)(clock.Elapsed.TotalSeconds * rate) + 1); sent < due; sent++)
                await socket.SendAsync(requests[(first + sent * 7) % requests.Length]);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
        await reading;
    }

    private async Task ReadAsync(Socket socket, long total)
    {
        var buffer = new byte[16 << 10];
        var kept = 0;
        for (long answers = 0; answers < total;)
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(kept));
            if (count == 0) throw new IOException("The server closed a connection that posts.");
            kept += count;
            // Statuses are counted; a last piece that may be the beginning of one is kept.
            var text = buffer.AsSpan(0, kept);
            while (text.IndexOf("HTTP/1.1 "u8) is var place && place >= 0 && text.Length >= place + 12)
            {
                if (text[place + 9] == (byte)'2') Interlocked.Increment(ref _answered);
                else Interlocked.Increment(ref _refused);
                answers++;
                text = text[(place + 12)..];
            }
            var rest = text[^Math.Min(text.Length, 12)..];
            rest.CopyTo(buffer);
            kept = rest.Length;
        }
    }
}
