using System.Net.Sockets;

namespace Footfall.Tests;

/// <summary>
/// For a server that may be killed at any moment. .NET reads the remote endpoint of a new connection, and if the server is gone by
/// then, it throws a socket error. Here that is an <see cref="HttpRequestException"/>, as every other failure to reach a server.
/// </summary>
internal sealed class ConnectionFaultHandler(SocketsHttpHandler handler) : DelegatingHandler(handler)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (SocketException error)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, error.Message, error);
        }
    }
}
