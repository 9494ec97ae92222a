using Footfall.Common;

namespace Footfall.Journal;

/// <summary>
/// The salts of visitor hashes: 32 random bytes per site and local day, the same on all nodes and after a restart, destroyed 48 hours after
/// their creation.
/// </summary>
internal interface ISaltStore
{
    /// <summary>
    /// Finds or creates the salt of a day. It is durable before it is returned, so that no crash changes a visitor. Callers must not keep
    /// it.
    /// </summary>
    /// <param name="day">The site's local day, in days since 1970-01-01.</param>
    /// <exception cref="SaltsUnavailableException">It could neither be read nor created.</exception>
    byte[] GetOrCreate(Site site, int day);
}

/// <summary>The salt store failed. Like a journal failure, it may be temporary: the request is rejected with 503.</summary>
internal sealed class SaltsUnavailableException(string message, Exception inner) : IOException(message, inner);
