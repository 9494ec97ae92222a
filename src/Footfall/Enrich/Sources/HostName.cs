using System.Text;
using Footfall.Words;

namespace Footfall.Enrich.Sources;

/// <summary>Hosts as they are compared.</summary>
internal static class HostName
{
    /// <summary>Of a name in characters (RFC 1035, 2.3.4); a longer one is none.</summary>
    public const int Longest = 253;

    /// <summary>Without port and <c>www.</c>; empty for a host that is too long.</summary>
    public static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> host)
    {
        // The colons of an IPv6 address stand in brackets.
        var port = host.LastIndexOf((byte)':');
        if (port > 0 && !host[port..].Contains((byte)']')) host = host[..port];
        if (host.Length > 4 && Ascii.EqualsIgnoreCase(host[..4], "www."u8)) host = host[4..];
        return host.Length <= Longest ? host : default;
    }

    /// <summary>Whether a referrer is the shop itself: the host of the page, or the site's domain and all below it.</summary>
    /// <param name="referrer">Plain.</param>
    /// <param name="page">The host of the page, as sent.</param>
    public static bool IsOwn(ReadOnlySpan<byte> referrer, ReadOnlySpan<byte> page, Site site)
    {
        if (Ascii.EqualsIgnoreCase(referrer, Plain(page))) return true;
        if (site.Index == 0) return false;
        var domain = Plain(site.Utf8);
        return referrer.Length >= domain.Length && Ascii.EqualsIgnoreCase(referrer[^domain.Length..], domain)
            && (referrer.Length == domain.Length || referrer[^(domain.Length + 1)] == '.');
    }

    /// <summary>The host in lower case.</summary>
    /// <param name="room">Of <see cref="Longest"/> characters.</param>
    public static ReadOnlySpan<char> Lower(ReadOnlySpan<byte> plain, Span<char> room)
    {
        var text = room[..Encoding.UTF8.GetChars(plain, room)];
        foreach (ref var letter in text)
            if (letter is >= 'A' and <= 'Z') letter |= ' ';
        return text;
    }
}
