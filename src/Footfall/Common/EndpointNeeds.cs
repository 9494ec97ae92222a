namespace Footfall.Common;

/// <summary>Metadata: what an endpoint needs of the middleware around it. One without it gets the defaults.</summary>
internal sealed record EndpointNeeds
{
    private static readonly EndpointNeeds Default = new();

    /// <summary>It never blocks its thread, so it may run on the one that reads the socket.</summary>
    public bool NonBlocking { get; init; }

    /// <summary>Pages of other origins may read its response (<c>Cross-Origin-Resource-Policy</c>).</summary>
    public bool CrossOrigin { get; init; }

    /// <summary>It limits its request bodies itself.</summary>
    public bool OwnBodyLimit { get; init; }

    /// <summary>It compresses its responses itself, or they must not be buffered.</summary>
    public bool OwnCompression { get; init; }

    public static EndpointNeeds Get(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<EndpointNeeds>() ?? Default;
}
