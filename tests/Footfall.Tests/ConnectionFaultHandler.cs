using System.Net.Sockets;

namespace Footfall.Tests;

/// <summary>
/// To a server that may be killed at any moment. .NET asks a connection that it has just made for its other end, and where that is gone by
/// then the socket's own error comes out: here it is an <see cref="HttpRequestException"/>, as every other failure to reach a server.
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
