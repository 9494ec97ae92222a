using System.Text;
using Footfall.Common;

namespace Footfall.Enrich.Sources;

/// <summary>A parameter that an ad network adds to the URL of a click.</summary>
/// <param name="Medium">The medium that it proves; empty if unpaid clicks have it too.</param>
internal sealed record ClickId(byte[] Parameter, KnownSource Source, string Medium)
{
    private static readonly ClickId[] All = [.. EmbeddedResources.ReadLines("click-ids.txt").Select(line => line.Split('\t'))
        .Select(fields => new ClickId(Encoding.UTF8.GetBytes(fields[0]), KnownSources.FindByTag(fields[1])!, fields[2]))];

    /// <summary>The click ID in a query; null for none. Paid clicks take precedence.</summary>
    public static ClickId? FindInQuery(ReadOnlySpan<byte> query)
    {
        ClickId? found = null;
        foreach (var range in query.Split((byte)'&'))
        {
            var pair = query[range];
            var equals = pair.IndexOf((byte)'=');
            if (equals <= 0 || equals == pair.Length - 1 || FindByParameter(pair[..equals]) is not { } id) continue;
            if (id.Medium.Length > 0) return id;
            found ??= id;
        }
        return found;
    }

    private static ClickId? FindByParameter(ReadOnlySpan<byte> parameter)
    {
        foreach (var id in All)
            if (parameter.SequenceEqual(id.Parameter)) return id;
        return null;
    }
}
