using System.Buffers;
using System.Text.Unicode;
using Footfall.Common;
using Footfall.Enrich;
using Footfall.Enrich.Agents;
using Footfall.Enrich.Sources;
using Footfall.Ingest;

namespace Footfall.Import.AccessLog;

/// <summary>
/// Turns lines into hits: country from the address, browser and bot from the User-Agent, source from referrer and query, visitor from
/// address, User-Agent and
/// the day's salt.
/// </summary>
internal sealed class LogHitFactory(CountryLookup countries, VisitorHasher visitors, BotDetector bots, UserAgentParser agents)
{
    /// <summary>A log has few User-Agents: each is decoded and judged once. Forgotten when there are this many.</summary>
    private const int MaxCachedAgents = 10_000;

    private readonly byte[] _target = new byte[HitLimits.Url], _referrer = new byte[HitLimits.Url], _path = new byte[HitLimits.Url];
    private readonly char[] _text = new char[AccessLogParser.MaxLineBytes];
    private readonly Dictionary<string, Sender> _senders = [];

    /// <summary>Makes the hit of a line.</summary>
    /// <param name="details">Where its details are written; null where only the visit matters.</param>
    public Hit Create(in AccessLogLine line, Site site, ArrayBufferWriter<byte>? details)
    {
        var known = LogAddress.TryParse(line.Host, out var address);
        address ??= LogAddress.FromHostName(line.Host);
        var sender = GetSender(line.UserAgent);
        // As with events: what follows the path may hold tokens and names of people. A target that is no path has no query that names a
        // source.
        var target = Sanitize(line.Target, _target);
        if (!PageUrl.TryParse(target, allowPath: true, out var url)) url = default;
        PageUrl.TryParse(Sanitize(line.Referrer, _referrer), allowPath: false, out var referrer);
        var campaign = url.ReadCampaign();
        var source = TrafficSource.Resolve(referrer.Host, default, site, url.Query, campaign);
        var bot = source.GetBotReason(sender.Bot);
        var hit = new Hit(
            site, line.Time, known ? countries.Find(address).Country : Country.Unknown, HitKind.PageView, bot != BotReason.None,
            visitors.ComputeHash(site, line.Time, address, sender.Agent), 0, 0, 0, 0);
        if (details is null) return hit;
        var before = details.WrittenCount;
        var path = PagePath.Decode(PageViewFilter.GetPath(target), _path);
        var count = HitDetailsWriter.WritePage(details, path.IsEmpty ? "/"u8 : path, referrer, campaign);
        count += HitDetailsWriter.WriteSender(details, sender.Fields, EncodedFields.None, default, source, bot);
        return hit with { DetailsLength = details.WrittenCount - before, DetailsCount = count };
    }

    private Sender GetSender(ReadOnlySpan<byte> quoted)
    {
        var text = LogStringDecoder.Decode(quoted, _text);
        var lookup = _senders.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(text, out var known)) return known;
        if (_senders.Count >= MaxCachedAgents) _senders.Clear();
        var agent = text.ToString();
        var bot = bots.IsBot(agent);
        return _senders[agent] = new Sender(agent, bot, bot ? EncodedFields.None : agents.Parse(agent));
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

    /// <param name="Fields">Browser, operating system and device.</param>
    private readonly record struct Sender(string Agent, bool Bot, EncodedFields Fields);
}
