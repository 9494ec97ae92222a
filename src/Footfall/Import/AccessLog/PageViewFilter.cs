using System.Collections.Frozen;
using Footfall.Common;

namespace Footfall.Import.AccessLog;

/// <summary>Why a well-formed line is no page view.</summary>
internal enum SkipReason : byte
{
    None = 0,

    /// <summary>Another method than GET.</summary>
    Method,

    /// <summary>A status other than 200 to 299 and 304.</summary>
    Status,

    /// <summary>A file that is part of a page, a download or data: see <c>static-files.txt</c>.</summary>
    StaticFile,

    /// <summary>More than a day in the future: the clock of the web server was wrong.</summary>
    Future,

    /// <summary>Older than anything the history keeps.</summary>
    Old,
}

/// <summary>Decides which lines are page views.</summary>
/// <param name="includeAssets">Whether static files count as pages.</param>
/// <param name="latest">The latest time that a line may have: Unix time in milliseconds.</param>
/// <param name="oldest">The earliest one; null for any.</param>
internal sealed class PageViewFilter(bool includeAssets, long latest, long? oldest = null)
{
    private const int MaxExtensionLength = 16;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> StaticExtensions =
        ReadExtensions().ToFrozenSet().GetAlternateLookup<ReadOnlySpan<char>>();

    public SkipReason GetSkipReason(in AccessLogLine line)
    {
        if (!line.Method.SequenceEqual("GET"u8)) return SkipReason.Method;
        if (line.Status is not (>= 200 and <= 299 or 304)) return SkipReason.Status;
        if (!includeAssets && IsStaticFile(GetPath(line.Target))) return SkipReason.StaticFile;
        return line.Time > latest ? SkipReason.Future : line.Time < oldest ? SkipReason.Old : SkipReason.None;
    }

    /// <summary>The description of a reason; follows a number of lines.</summary>
    public static string Describe(SkipReason reason) => reason switch
    {
        SkipReason.Method => "not a GET request",
        SkipReason.Status => "status other than 200 to 299 or 304",
        SkipReason.StaticFile => "static file (--include-assets includes them)",
        SkipReason.Future => "time in the future",
        SkipReason.Old => "older than the retention of the history (Footfall__History__HitsDays and Footfall__History__RollupsDays)",
        _ => "",
    };

    /// <summary>The path of a request target (RFC 9112, 3.2): without query, fragment, and what is before it in an absolute URI.</summary>
    public static ReadOnlySpan<byte> GetPath(ReadOnlySpan<byte> target)
    {
        var end = target.IndexOfAny((byte)'?', (byte)'#');
        if (end >= 0) target = target[..end];
        if (target is [(byte)'/', ..]) return target;
        var scheme = target.IndexOf("://"u8);
        if (scheme < 0) return target;
        var slash = target[(scheme + 3)..].IndexOf((byte)'/');
        return slash < 0 ? "/"u8 : target[(scheme + 3 + slash)..];
    }

    public static bool IsStaticFile(ReadOnlySpan<byte> path)
    {
        var name = path[(path.LastIndexOf((byte)'/') + 1)..];
        var dot = name.LastIndexOf((byte)'.');
        if (dot < 0 || name.Length - dot - 1 is 0 or > MaxExtensionLength) return false;
        Span<char> extension = stackalloc char[MaxExtensionLength];
        var length = 0;
        foreach (var letter in name[(dot + 1)..])
            extension[length++] = letter is >= (byte)'A' and <= (byte)'Z' ? (char)(letter | 0x20) : (char)letter;
        return StaticExtensions.Contains(extension[..length]);
    }

    private static IEnumerable<string> ReadExtensions() =>
        EmbeddedResources.ReadLines("static-files.txt").SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
