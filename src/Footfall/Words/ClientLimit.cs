namespace Footfall.Words;

/// <summary>Metadata of an endpoint: the limit by client that its requests count against.</summary>
internal sealed class ClientLimit
{
    public static readonly ClientLimit Queries = new(), Exports = new(), LiveConnections = new();

    private ClientLimit()
    {
    }
}
