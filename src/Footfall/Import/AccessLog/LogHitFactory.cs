using System.Buffers;
using System.Text.Unicode;
using Footfall.Common;
using Footfall.Enrich;
using Footfall.Ingest;

namespace Footfall.Import.AccessLog;

/// <summary>Turns lines into hits of the clients that they name.</summary>
internal sealed class LogHitFactory(HitAcceptor acceptor, HitOriginFactory origins)
{
    /// <summary>A log has few User-Agents: each is decoded once. The cache is cleared at this size.</summary>
    private const int MaxCachedAgents = 10_000;

    private readonly byte[] _target = new byte[HitLimits.Url], _referrer = new byte[HitLimits.Url], _url = new byte[HitLimits.Url];
    private readonly char[] _text = new char[AccessLogParser.MaxLineBytes];
    private readonly HashSet<string> _agents = [];

    /// <summary>Makes the hit of a line.</summary>
    /// <param name="details">Where its details are written.</param>
    public Hit Create(in AccessLogLine line, ArrayBufferWriter<byte> details)
    {
        var address = LogAddress.TryParse(line.Host, out var known) ? known : LogAddress.FromHostName(line.Host);
        var referrer = Sanitize(line.Referrer, _referrer);
        var draft = new HitDraft
        {
            Url = GetUrl(Sanitize(line.Target, _target)),
            Referrer = PageUrl.TryParse(referrer, allowPath: false, out _) ? referrer : default,
            Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(line.Time),
            Origin = origins.Create(address, GetAgent(line.UserAgent)),
        };
        var rejection = acceptor.Accept(draft, details, out var hit);
        // Nothing of a line is rejected: the code above made its parts valid.
        return rejection == FieldRejection.None ? hit : throw new ImportException($"A line is not a hit: {rejection.Reason}.");
    }

    private string GetAgent(ReadOnlySpan<byte> quoted)
    {
        var text = LogStringDecoder.Decode(quoted, _text);
        var lookup = _agents.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(text, out var known)) return known;
        if (_agents.Count >= MaxCachedAgents) _agents.Clear();
        var agent = text.ToString();
        _agents.Add(agent);
        return agent;
    }

    /// <summary>The target without its host: a proxy's log has the host before the path, and some servers log spaces unencoded.</summary>
    private ReadOnlySpan<byte> GetUrl(ReadOnlySpan<byte> target)
    {
        var scheme = target is [(byte)'/', ..] ? -1 : target.IndexOf("://"u8);
        if (scheme >= 0)
        {
            var authority = target[(scheme + 3)..];
            var end = authority.IndexOfAny("/?#"u8);
            target = end < 0 ? default : authority[end..];
        }
        if (target is [(byte)'/', ..] && !target.Contains((byte)' ')) return target;
        var length = 0;
        if (target is not [(byte)'/', ..]) _url[length++] = (byte)'/';
        foreach (var letter in target)
        {
            var encoded = letter == ' ' ? "%20"u8 : [letter];
            if (length + encoded.Length > _url.Length) break;
            encoded.CopyTo(_url.AsSpan(length));
            length += encoded.Length;
        }
        return _url.AsSpan(0, length);
    }

    /// <summary>Without escapes, in valid UTF-8, without control characters, and cut between characters.</summary>
    /// <param name="buffer">Of <see cref="HitLimits.Url"/> bytes: written where the part can't stay as it is.</param>
    private ReadOnlySpan<byte> Sanitize(ReadOnlySpan<byte> quoted, Span<byte> buffer)
    {
        if (quoted.Length <= buffer.Length && !quoted.Contains((byte)'\\') && !quoted.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
            return quoted;
        var text = _text.AsSpan(0, LogStringDecoder.Decode(quoted, _text).Length);
        for (var i = 0; i < text.Length; i++)
            if (char.IsControl(text[i])) text[i] = '\uFFFD';
        Utf8.FromUtf16(text, buffer, out _, out var length, replaceInvalidSequences: true);
        return buffer[..length];
    }
}
