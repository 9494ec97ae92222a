using System.Net.Sockets;
using System.Text;

namespace Footfall.Tests.Hosting;

/// <summary>What HttpClient would not send: bytes on a socket.</summary>
internal static class RawRequest
{
    /// <summary>Sends bytes and reads until the server closes.</summary>
    /// <param name="from">The client's own address: any of 127.0.0.0/8 is one.</param>
    public static async Task<string> SendAsync(Uri server, string request, string from = "127.0.0.1")
    {
        using var client = await ConnectAsync(server, from);
        await client.SendAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
        return await ReadToEndAsync(client);
    }

    public static async Task<Socket> ConnectAsync(Uri server, string from = "127.0.0.1")
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await client.ConnectAsync(IPAddress.Loopback, server.Port, TestContext.Current.CancellationToken);
        return client;
    }

    private static async Task<string> ReadToEndAsync(Socket client)
    {
        var response = new StringBuilder();
        var buffer = new byte[8192];
        try
        {
            while (await client.ReceiveAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var read)
                response.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
            // The server closes while unwanted bytes are still in transit: its earlier response is here.
        }
        return response.ToString();
    }
}
