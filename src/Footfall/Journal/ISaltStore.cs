using Footfall.Common;

namespace Footfall.Journal;

/// <summary>
/// The salts of visitor hashes: 32 random bytes for each site and local day, the same for all nodes and after a restart, and destroyed
/// 48 hours after they were made.
/// </summary>
internal interface ISaltStore
{
    /// <summary>
    /// Finds the salt of a day, or makes it. It is durable before it is returned, so that no crash changes a visitor. Not to be kept by the
    /// caller.
    /// </summary>
    /// <param name="day">The site's local day, in days since 1970-01-01.</param>
    /// <exception cref="SaltsUnavailableException">It could neither be read nor made.</exception>
    byte[] GetOrCreate(Site site, int day);
}

/// <summary>The store of the salts failed. It may work again in a moment, as the journal may: a request is refused with 503.</summary>
internal sealed class SaltsUnavailableException(string message, Exception inner) : IOException(message, inner);
