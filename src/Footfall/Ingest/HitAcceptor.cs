using System.Buffers;
using System.Text;
using Footfall.Common;
using Footfall.Enrich;
using Footfall.Enrich.Sources;
using Footfall.Journal;

namespace Footfall.Ingest;

/// <summary>
/// The one door: every way in hands its drafts to <c>Accept</c>, which checks, enriches and encodes
/// them. One for each request or import.
/// </summary>
/// <param name="http">The request; null for an import, whose hits belong to nobody unless they bring an origin of their own.</param>
internal sealed class HitAcceptor(SiteRegistry sites, KeyHasher keys, HitOriginFactory origins, DateTimeOffset now, HttpContext? http)
{
    /// <summary>
    /// How far back a purchase may lie that a shop has sent itself within the time for which the journal knows keys: both are 24 hours. In
    /// milliseconds.
    /// </summary>
    private const long RecentMilliseconds = 49 * 60 * 60 * 1000;

    private HitOrigin? _sender;
    private byte[]? _path;
    private Site _site = sites.Unnamed;
    private BotCounts _bots;

    /// <summary>The bots among the hits accepted so far.</summary>
    public BotCounts Bots => _bots;

    /// <summary>The <c>Idempotency-Key</c> of the request: the key of hits that have no <c>id</c> of their own. Null for none.</summary>
    public string? RequestKey { get; init; }

    /// <summary>The site of an import: all its drafts belong to it, whatever their age. Null for requests.</summary>
    public Site? Site
    {
        get;
        init
        {
            field = value;
            if (value is not null) _site = value;
        }
    }

    /// <summary>Takes a hit into a submission, or rejects it.</summary>
    /// <param name="index">Of the hit in its request, from 0.</param>
    public FieldRejection Accept(in HitDraft draft, Submission submission, int index = 0)
    {
        try
        {
            var rejection = Accept(draft, submission.DetailsWriter, out var hit, index);
            if (rejection == FieldRejection.None) submission.Add(hit);
            return rejection;
        }
        catch (SaltsUnavailableException)
        {
            // The salts are stored beside the journal: when the disk takes no salt, it takes no hit.
            return RejectReason.JournalUnavailable;
        }
    }

    /// <summary>Makes a hit of a draft, or rejects it.</summary>
    /// <param name="details">Where the details of the hit are written.</param>
    /// <param name="index">Of the hit in its request, from 0.</param>
    /// <exception cref="SaltsUnavailableException">The day's salt could not be made durable.</exception>
    public FieldRejection Accept(in HitDraft draft, ArrayBufferWriter<byte> details, out Hit hit, int index = 0)
    {
        hit = default;
        if (draft.Name.IsEmpty && draft.Url.IsEmpty) return RejectReason.MissingNameOrUrl;
        var rejection = CheckTexts(draft);
        if (rejection != FieldRejection.None) return rejection;
        if (ParseKind(draft.Name) is not { } kind) return RejectReason.InvalidName;
        if (!PageUrl.TryParse(draft.Url, allowPath: true, out var url)) return new(RejectReason.InvalidUrl, "url");
        if (!PageUrl.TryParse(draft.Referrer, allowPath: false, out var referrer)) return new(RejectReason.InvalidUrl, "referrer");
        if (!draft.Currency.IsEmpty && !Currency.IsKnown(draft.Currency)) return RejectReason.InvalidCurrency;
        if (draft.Value is < 0 or > HitLimits.Value) return new(RejectReason.InvalidValue, "value");
        var reason = ResolveTime(draft.Timestamp, draft.Age, out var time);
        if (reason != RejectReason.None) return reason;
        reason = ResolveCountry(draft.Country, out var claimed);
        if (reason != RejectReason.None) return reason;
        // Last: a new site takes a place, and a rejected hit must not.
        reason = ResolveSite(draft.Site);
        if (reason != RejectReason.None) return reason;

        // A bare visit belongs to nobody: it is not judged by its sender, and not described.
        var visitor = kind == HitKind.Visit ? null : FindOrigin(draft);
        // Before anything is written: a day's first visitor needs a new salt, which may fail.
        var visitorHash = visitor?.GetVisitor(_site, time) ?? 0;
        var start = details.WrittenCount;
        var campaign = url.ReadCampaign();
        var fields = HitDetailsWriter.Write(details, draft, kind, url.Host, DecodePath(url.Path), referrer, campaign);
        var bot = BotReason.None;
        if (visitor is not null)
        {
            var source = TrafficSource.Resolve(referrer.Host, url.Host, _site, url.Query, campaign);
            bot = source.GetBotReason(visitor.IsBot);
            _bots.Add(bot);
            fields += HitDetailsWriter.WriteSender(details, visitor.Agent, visitor.Language, draft.Screen, source, bot);
        }
        hit = new Hit(
            _site, time, claimed ?? FindOrigin(draft)?.Country ?? Country.Unknown, kind, Bot: bot != BotReason.None,
            Visitor: visitorHash,
            Key: HashKey(draft, index),
            Transaction: kind == HitKind.Purchase && time >= now.ToUnixTimeMilliseconds() - RecentMilliseconds
                ? keys.HashTransaction(_site, draft.TransactionId)
                : 0,
            DetailsLength: details.WrittenCount - start, DetailsCount: fields);
        return FieldRejection.None;
    }

    private static FieldRejection CheckTexts(in HitDraft draft)
    {
        var rejection = HitLimits.Check(draft.Id, "id", HitLimits.Id);
        if (rejection == FieldRejection.None && draft.Id.Contains((byte)' ')) rejection = new(RejectReason.InvalidKey, "id");
        if (rejection == FieldRejection.None) rejection = HitLimits.Check(draft.Site, "site", HitLimits.HitBytes);
        if (rejection == FieldRejection.None) rejection = HitLimits.Check(draft.Name, "name", HitLimits.HitBytes);
        if (rejection == FieldRejection.None) rejection = HitLimits.Check(draft.Url, "url", HitLimits.Url);
        if (rejection == FieldRejection.None) rejection = HitLimits.Check(draft.Referrer, "referrer", HitLimits.Url);
        if (rejection == FieldRejection.None) rejection = HitLimits.Check(draft.Country, "country", HitLimits.HitBytes);
        if (rejection == FieldRejection.None) rejection = HitLimits.Check(draft.Currency, "currency", HitLimits.HitBytes);
        if (rejection == FieldRejection.None) rejection = HitLimits.Check(draft.TransactionId, "transaction_id", HitLimits.TransactionId);
        return rejection;
    }

    private HitOrigin? FindOrigin(in HitDraft draft) => draft.Origin ?? (_sender ??= http is null ? null : origins.Create(http));

    private ulong HashKey(in HitDraft draft, int index) =>
        !draft.Id.IsEmpty ? keys.HashEventId(_site, draft.Id)
        : draft.IdempotencyKey is { } key ? keys.HashHeader(_site, key)
        : keys.HashByIndex(_site, RequestKey, index);

    /// <summary>The path of a url as a person reads it. Most have nothing to decode, and take no memory.</summary>
    private ReadOnlySpan<byte> DecodePath(ReadOnlySpan<byte> path) =>
        path.Contains((byte)'%') ? PagePath.Decode(path, _path ??= new byte[HitLimits.Url]) : path;

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
        if (Site is not null)
        {
            time = at.ToUnixTimeMilliseconds();
            return RejectReason.None;
        }
        if (at > now + HitLimits.ClockSkew) return RejectReason.TimestampInFuture;
        if (at < now - HitLimits.MaxAge) return RejectReason.TimestampTooOld;
        time = Math.Min(time, at.ToUnixTimeMilliseconds());
        return RejectReason.None;
    }

    private RejectReason ResolveCountry(ReadOnlySpan<byte> named, out Country? country)
    {
        country = null;
        if (named.IsEmpty) return RejectReason.None;
        if (named.Length != 2) return RejectReason.InvalidCountryCodeFormat;
        var reason = Country.Parse([(char)named[0], (char)named[1]], out var read);
        // A claim is checked also where it does not count.
        if (http is null || origins.AcceptCountry) country = read;
        return reason;
    }

    /// <summary>Keeps the site of the hit before: a batch is mostly of one.</summary>
    private RejectReason ResolveSite(ReadOnlySpan<byte> named)
    {
        if (Site is not null || named.SequenceEqual(_site.Utf8) && sites.Accepts(_site)) return RejectReason.None;
        if (named.Length > HitLimits.Site) return RejectReason.InvalidSite;
        Span<char> domain = stackalloc char[named.Length];
        return sites.GetOrAdd(domain[..Encoding.UTF8.GetChars(named, domain)], out _site);
    }
}
