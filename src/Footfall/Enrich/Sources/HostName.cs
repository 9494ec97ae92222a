using System.Text;
using Footfall.Common;

namespace Footfall.Enrich.Sources;

/// <summary>Normalizes and compares hosts.</summary>
internal static class HostName
{
    /// <summary>The maximum length of a name in characters (RFC 1035, 2.3.4).</summary>
    public const int MaxLength = 253;

    /// <summary>Without port and <c>www.</c>; empty for a host that is too long.</summary>
    public static ReadOnlySpan<byte> StripWwwAndPort(ReadOnlySpan<byte> host)
    {
        // The colons of an IPv6 address are inside brackets.
        var port = host.LastIndexOf((byte)':');
        if (port > 0 && !host[port..].Contains((byte)']')) host = host[..port];
        if (host.Length > 4 && Ascii.EqualsIgnoreCase(host[..4], "www."u8)) host = host[4..];
        return host.Length <= MaxLength ? host : default;
    }

    /// <summary>Whether a referrer is the site itself: the host of the page, or the site's domain and all below it.</summary>
    /// <param name="referrer">Plain.</param>
    /// <param name="page">The host of the page, as sent.</param>
    public static bool IsSameSite(ReadOnlySpan<byte> referrer, ReadOnlySpan<byte> page, Site site)
    {
        if (Ascii.EqualsIgnoreCase(referrer, StripWwwAndPort(page))) return true;
        if (site.Index == 0) return false;
        var domain = StripWwwAndPort(site.Utf8);
        return referrer.Length >= domain.Length && Ascii.EqualsIgnoreCase(referrer[^domain.Length..], domain)
            && (referrer.Length == domain.Length || referrer[^(domain.Length + 1)] == '.');
    }

    /// <summary>The host in lower case.</summary>
    /// <param name="buffer">A buffer of <see cref="MaxLength"/> characters.</param>
    public static ReadOnlySpan<char> ToLower(ReadOnlySpan<byte> plain, Span<char> buffer)
    {
        var text = buffer[..Encoding.UTF8.GetChars(plain, buffer)];
        foreach (ref var letter in text)
            if (letter is >= 'A' and <= 'Z') letter |= ' ';
        return text;
    }
}
