using System.Buffers;
using System.Text.Unicode;
using Footfall.Collect.Events;
using Footfall.Enrich;
using Footfall.Words;

namespace Footfall.Collect.AccessLog;

/// <summary>Turns lines into hits: country from the address, robot from the User-Agent, visitor from both and the day's salt.</summary>
internal sealed class LogHits(CountryLookup countries, Visitors visitors, Bots bots)
{
    /// <summary>A log has few User-Agents: each is decoded and judged once. Forgotten when there are this many.</summary>
    private const int MostAgents = 10_000;

    private readonly byte[] _path = new byte[HitLimits.Url], _referrer = new byte[HitLimits.Url];
    private readonly char[] _text = new char[AccessLogParser.LongestLine];
    private readonly Dictionary<string, (string Agent, bool Bot)> _agents = [];

    /// <summary>Makes the hit of a line.</summary>
    /// <param name="details">Where its details are written; null where only the visit matters.</param>
    public Hit Read(in AccessLogLine line, Site site, ArrayBufferWriter<byte>? details)
    {
        var known = LogAddress.TryParse(line.Host, out var address);
        address ??= LogAddress.Of(line.Host);
        var (agent, bot) = Agent(line.UserAgent);
        var visitor = visitors.Hash(site, line.Time, address, agent);
        var country = known ? countries.Find(address).Country : Country.Unknown;
        var hit = new Hit(site, line.Time, country, HitKind.PageView, bot, visitor, 0, 0, 0, 0);
        return details is null ? hit : WriteDetails(hit, line, details);
    }

    private Hit WriteDetails(in Hit hit, in AccessLogLine line, ArrayBufferWriter<byte> details)
    {
        var before = details.WrittenCount;
        var path = Tidy(PageRule.Path(line.Target), _path);
        // As with events: what follows the path may hold tokens and names of people.
        PageUrl.TrySplit(Tidy(line.Referrer, _referrer), allowPath: false, out var referrer);
        var count = HitDetails.WritePage(details, path.IsEmpty ? "/"u8 : path, referrer);
        return hit with { DetailsLength = details.WrittenCount - before, DetailsCount = count };
    }

    private (string Agent, bool Bot) Agent(ReadOnlySpan<byte> quoted)
    {
        var text = LogText.Decode(quoted, _text);
        var lookup = _agents.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(text, out var known)) return known;
        if (_agents.Count >= MostAgents) _agents.Clear();
        var agent = text.ToString();
        return _agents[agent] = (agent, bots.IsBot(agent));
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
}
