using Footfall.Common;
using Footfall.Enrich;

namespace Footfall.Ingest;

/// <summary>Creates the acceptor of a request or an import.</summary>
internal sealed class HitAcceptorFactory(SiteRegistry sites, KeyHasher keys, HitOriginFactory origins, TimeProvider time)
{
    /// <param name="key">The <c>Idempotency-Key</c> of hits without an <c>id</c>, each known by its index.</param>
    public HitAcceptor Create(HttpContext http, string? key = null) =>
        new(sites, keys, origins, time.GetUtcNow(), http) { RequestKey = key };

    /// <summary>For an import, whose hits have no visitor unless they have their own origin.</summary>
    public HitAcceptor Create(Site site) => new(sites, keys, origins, time.GetUtcNow(), null) { Site = site };
}
