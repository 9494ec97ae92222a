using System.Text;
using Footfall.Common;
using Footfall.Enrich;
using Footfall.Enrich.Sources;
using Footfall.Journal;

namespace Footfall.Ingest;

/// <summary>The way of one hit from JSON into a submission: read, checked, filled, encoded.</summary>
internal sealed class HitReader(HitOrigin origin, SiteRegistry sites, KeyHasher keys, DateTimeOffset now)
{
    private readonly ParseBuffers _buffers = new();
    private Site _site = sites.Unnamed;
    private BotCounts _bots;

    /// <summary>The bots among the hits read so far.</summary>
    public BotCounts Bots => _bots;

    /// <summary>The <c>Idempotency-Key</c> of the request: the key of hits that have no <c>id</c> of their own. Null for none.</summary>
    public string? RequestKey { get; init; }

    /// <param name="index">Of the hit in its request, from 0.</param>
    public FieldRejection Read(ReadOnlySpan<byte> json, Submission submission, int index = 0)
    {
        var rejection = HitParser.Parse(json, _buffers, out var draft);
        if (rejection != FieldRejection.None) return rejection;
        if (ParseKind(draft.Name) is not { } kind) return RejectReason.InvalidName;
        if (!PageUrl.TryParse(draft.Url, allowPath: true, out var url)) return new(RejectReason.InvalidUrl, "url");
        if (!PageUrl.TryParse(draft.Referrer, allowPath: false, out var referrer)) return new(RejectReason.InvalidUrl, "referrer");
        if (!draft.Currency.IsEmpty && !Currency.IsKnown(draft.Currency)) return RejectReason.InvalidCurrency;
        if (!draft.Id.IsEmpty && draft.Id.Contains((byte)' ')) return new(RejectReason.InvalidKey, "id");
        var reason = ResolveTime(draft.Timestamp, draft.Age, out var time);
        if (reason != RejectReason.None) return reason;
        reason = ResolveCountry(draft.Country, out var country);
        if (reason != RejectReason.None) return reason;
        reason = ResolveSite(draft.Site);
        if (reason != RejectReason.None) return reason;

        var campaign = url.ReadCampaign();
        var details = submission.DetailsWriter;
        var start = details.WrittenCount;
        var (fields, bot) =
            (HitDetailsWriter.Write(details, draft, kind, url.Host, _buffers.DecodePath(url.Path), referrer, campaign), BotReason.None);
        // A bare visit belongs to nobody: it is not judged by who sends it, and not described.
        if (kind != HitKind.Visit)
        {
            var source = TrafficSource.Resolve(referrer.Host, url.Host, _site, url.Query, campaign);
            bot = source.GetBotReason(origin.IsBot);
            _bots.Add(bot);
            fields += HitDetailsWriter.WriteSender(details, origin.Agent, origin.Language, draft.Screen, source, bot);
        }
        submission.Add(new Hit(
            _site, time, origin.GetCountry(country), kind, Bot: bot != BotReason.None,
            Visitor: kind == HitKind.Visit ? 0 : origin.GetVisitor(_site, time),
            Key: draft.Id.IsEmpty ? keys.HashByIndex(_site, RequestKey, index) : keys.HashEventId(_site, draft.Id),
            Transaction: kind == HitKind.Purchase ? keys.HashTransaction(_site, draft.TransactionId) : 0,
            DetailsLength: details.WrittenCount - start, DetailsCount: fields));
        return FieldRejection.None;
    }

    private static HitKind? ParseKind(ReadOnlySpan<byte> name) => name.Length switch
    {
        0 => HitKind.PageView,
        5 when name.SequenceEqual("visit"u8) => HitKind.Visit,
        6 when name.SequenceEqual("refund"u8) => HitKind.Refund,
        8 when name.SequenceEqual("purchase"u8) => HitKind.Purchase,
        9 when name.SequenceEqual("page_view"u8) => HitKind.PageView,
        9 when name.SequenceEqual("view_item"u8) => HitKind.ViewItem,
        11 when name.SequenceEqual("add_to_cart"u8) => HitKind.AddToCart,
        14 when name.SequenceEqual("begin_checkout"u8) => HitKind.BeginCheckout,
        16 when name.SequenceEqual("remove_from_cart"u8) => HitKind.RemoveFromCart,
        > HitLimits.Name when CountCharacters(name) > HitLimits.Name => null,
        _ => name.Trim((byte)' ').IsEmpty ? null : HitKind.Custom,
    };

    /// <summary>All bytes but those that continue a character (10xxxxxx).</summary>
    private static int CountCharacters(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var part in text)
            if ((part & 0xC0) != 0x80) count++;
        return count;
    }

    /// <param name="age">By the sender's clock on both ends, so that it is right though the clock is wrong.</param>
    private RejectReason ResolveTime(DateTimeOffset? named, int? age, out long time)
    {
        time = now.ToUnixTimeMilliseconds() - (age ?? 0);
        if (named is not { } at) return RejectReason.None;
        if (age is not null) return RejectReason.InvalidAge;
        if (at > now + HitLimits.ClockSkew) return RejectReason.TimestampInFuture;
        if (at < now - HitLimits.MaxAge) return RejectReason.TimestampTooOld;
        time = Math.Min(time, at.ToUnixTimeMilliseconds());
        return RejectReason.None;
    }

    private static RejectReason ResolveCountry(ReadOnlySpan<byte> named, out Country? country)
    {
        country = null;
        if (named.IsEmpty) return RejectReason.None;
        if (named.Length != 2) return RejectReason.InvalidCountryCodeFormat;
        var reason = Country.Parse([(char)named[0], (char)named[1]], out var read);
        country = read;
        return reason;
    }

    /// <summary>Keeps the site of the hit before: a batch is mostly of one.</summary>
    private RejectReason ResolveSite(ReadOnlySpan<byte> named)
    {
        if (named.SequenceEqual(_site.Utf8) && sites.Accepts(_site)) return RejectReason.None;
        if (named.Length > 4 * 253) return RejectReason.InvalidSite;
        Span<char> domain = stackalloc char[named.Length];
        return sites.GetOrAdd(domain[..Encoding.UTF8.GetChars(named, domain)], out _site);
    }
}
