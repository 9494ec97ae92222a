using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LiveBench;

/// <summary>One open stream. It follows the ids of the messages, and notes when the count of the marked country grows.</summary>
internal sealed class Watcher(Marks marks)
{
    private static ReadOnlySpan<byte> Id => "id: "u8;

    private static ReadOnlySpan<byte> Data => "data: "u8;

    // A line that is not whole yet.
    private byte[] _rest = [];
    private long _sequence = -1;
    private int _seen;

    public long Messages { get; private set; }

    /// <summary>Messages whose id doesn't follow the one before.</summary>
    public int Gaps { get; private set; }

    /// <summary>The largest count of the marked country that was seen.</summary>
    public int Seen => _seen;

    /// <summary>The longest wait from the sending of a marked visit until it was seen, in milliseconds.</summary>
    public double Longest { get; private set; }

    public bool IsOpen { get; private set; }

    /// <summary>Reads until the server or the token ends it.</summary>
    /// <param name="ready">Called at the first message.</param>
    public async Task RunAsync(EndPoint server, string site, Action ready, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server, cancellationToken);
        // HTTP/1.0 has no chunks, so that the bytes are those of the stream alone.
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /api/v1/stats/live?site={site} HTTP/1.0\r\nHost: {server}\r\n\r\n"),
            cancellationToken);
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, cancellationToken) is var count && count > 0)
            {
                Read(buffer.AsSpan(0, count));
                if (IsOpen || Messages == 0) continue;
                IsOpen = true;
                ready();
            }
            IsOpen = false;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The run is over.
        }
        catch (SocketException)
        {
            IsOpen = false;
        }
    }

    private void Read(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)'\n') is var end && end >= 0)
        {
            if (_rest.Length == 0)
            {
                Line(bytes[..end]);
            }
            else
            {
                Line([.. _rest, .. bytes[..end]]);
                _rest = [];
            }
            bytes = bytes[(end + 1)..];
        }
        if (bytes.Length > 0) _rest = [.. _rest, .. bytes];
    }

    private void Line(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith(Id))
        {
            Messages++;
            var sequence = Number(line[(line.LastIndexOf((byte)'-') + 1)..]);
            if (_sequence >= 0 && sequence != _sequence + 1) Gaps++;
            _sequence = sequence;
        }
        else if (line.StartsWith(Data) && line.IndexOf(Marks.Key) is var place && place >= 0)
        {
            // The first of them is the count of all time.
            var count = (int)Number(line[(place + Marks.Key.Length)..]);
            for (; _seen < count; _seen++) Longest = Math.Max(Longest, marks.Since(_seen + 1));
        }
    }

    private static long Number(ReadOnlySpan<byte> digits)
    {
        long number = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9') break;
            number = number * 10 + digit - '0';
        }
        return number;
    }
}
