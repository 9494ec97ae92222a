using System.Buffers;
using System.Text.Unicode;
using Footfall.Collect.Events;
using Footfall.Enrich;
using Footfall.Enrich.Agents;
using Footfall.Enrich.Sources;
using Footfall.Words;

namespace Footfall.Collect.AccessLog;

/// <summary>
/// Turns lines into hits: country from the address, browser and robot from the User-Agent, source from referrer and query, visitor from address, User-Agent and
/// the day's salt.
/// </summary>
internal sealed class LogHits(CountryLookup countries, Visitors visitors, Bots bots, UserAgents agents)
{
    /// <summary>A log has few User-Agents: each is decoded and judged once. Forgotten when there are this many.</summary>
    private const int MostAgents = 10_000;

    private readonly byte[] _target = new byte[HitLimits.Url], _referrer = new byte[HitLimits.Url], _path = new byte[HitLimits.Url];
    private readonly char[] _text = new char[AccessLogParser.LongestLine];
    private readonly Dictionary<string, Sender> _senders = [];

    /// <summary>Makes the hit of a line.</summary>
    /// <param name="details">Where its details are written; null where only the visit matters.</param>
    public Hit Read(in AccessLogLine line, Site site, ArrayBufferWriter<byte>? details)
    {
        var known = LogAddress.TryParse(line.Host, out var address);
        address ??= LogAddress.Of(line.Host);
        var sender = SenderOf(line.UserAgent);
        // As with events: what follows the path may hold tokens and names of people. A target that is no path has no query that names a source.
        var target = Tidy(line.Target, _target);
        if (!PageUrl.TrySplit(target, allowPath: true, out var url)) url = default;
        PageUrl.TrySplit(Tidy(line.Referrer, _referrer), allowPath: false, out var referrer);
        var campaign = url.Campaign();
        var source = HitSource.Of(referrer.Host, default, site, url.Query, campaign);
        var bot = source.BotOf(sender.Bot);
        var hit = new Hit(
            site, line.Time, known ? countries.Find(address).Country : Country.Unknown, HitKind.PageView, bot != BotReason.None,
            visitors.Hash(site, line.Time, address, sender.Agent), 0, 0, 0, 0);
        if (details is null) return hit;
        var before = details.WrittenCount;
        var path = PagePath.Decode(PageRule.Path(target), _path);
        var count = HitDetails.WritePage(details, path.IsEmpty ? "/"u8 : path, referrer, campaign);
        count += HitDetails.WriteSender(details, sender.Fields, EncodedFields.None, default, source, bot);
        return hit with { DetailsLength = details.WrittenCount - before, DetailsCount = count };
    }

    private Sender SenderOf(ReadOnlySpan<byte> quoted)
    {
        var text = LogText.Decode(quoted, _text);
        var lookup = _senders.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(text, out var known)) return known;
        if (_senders.Count >= MostAgents) _senders.Clear();
        var agent = text.ToString();
        var bot = bots.IsBot(agent);
        return _senders[agent] = new Sender(agent, bot, bot ? EncodedFields.None : agents.Of(agent));
    }

    /// <summary>Without escapes, in valid UTF-8, without control characters, and cut between characters.</summary>
    /// <param name="room">Of <see cref="HitLimits.Url"/> bytes: written where the part can't stay as it is.</param>
    private ReadOnlySpan<byte> Tidy(ReadOnlySpan<byte> quoted, Span<byte> room)
    {
        if (quoted.Length <= room.Length && !quoted.Contains((byte)'\\') && !quoted.ContainsAnyExceptInRange((byte)' ', (byte)'~')) return quoted;
        var text = _text.AsSpan(0, LogText.Decode(quoted, _text).Length);
        for (var i = 0; i < text.Length; i++)
            if (char.IsControl(text[i])) text[i] = '\uFFFD';
        Utf8.FromUtf16(text, room, out _, out var length, replaceInvalidSequences: true);
        return room[..length];
    }

    /// <param name="Fields">Browser, operating system and device.</param>
    private readonly record struct Sender(string Agent, bool Bot, EncodedFields Fields);
}
