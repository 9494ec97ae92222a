using System.Runtime.InteropServices;
using Footfall.Common;
using Footfall.History.Schema;

namespace Footfall.History.Projection;

/// <summary>Turns journal hits into rows, with provisional numbers and without visits.</summary>
internal sealed class HitBatchReader(StringTable texts, KeyHasher keys, VisitorCache visitors, int keptDays, TimeProvider time)
{
    private readonly Dictionary<Site, (int Number, LocalTimeCache Time, int Oldest, long OldestOf)> _sites = [];
    private readonly HashSet<VisitorCache.Key> _missingVisitors = [];
    private readonly HashSet<VisitorCache.Key> _openingVisitors = [];
    private readonly List<HitRow> _rows = [];

    /// <summary>The rows, to be changed in place.</summary>
    public Span<HitRow> Rows => CollectionsMarshal.AsSpan(_rows);

    public DetailsReader Details { get; } = new(texts, keys);

    /// <summary>Visitors that must be looked up in the store.</summary>
    public IReadOnlyCollection<VisitorCache.Key> MissingVisitors => _missingVisitors;

    /// <summary>Hits older than the retention period: they are skipped, since nothing of their day is kept.</summary>
    public int BeyondRetention { get; private set; }

    /// <summary>The numbers of the sites, by domain.</summary>
    public Dictionary<string, int> Sites { get; } = [];

    /// <summary>Sites that the store does not have yet.</summary>
    public List<(int Number, string Domain)> NewSites { get; } = [];

    public void Receive(in HitBatch batch, in Hit hit, bool opened, ReadOnlyMemory<byte> details)
    {
        ref var site = ref CollectionsMarshal.GetValueRefOrAddDefault(_sites, hit.Site, out var known);
        if (!known) site = (NumberOfSite(hit.Site.Domain), new LocalTimeCache(hit.Site), int.MinValue, -1);
        if (keptDays > 0 && site.OldestOf != batch.Position)
            (site.Oldest, site.OldestOf) = (hit.Site.DayOf(RetentionTime(batch)) - keptDays, batch.Position);
        var (zone, day) = site.Time.Convert(hit.Time);
        if (keptDays > 0 && day < site.Oldest)
        {
            BeyondRetention++;
            return;
        }
        var row = new HitRow
        {
            Site = site.Number,
            Day = day,
            Position = batch.Position,
            CommittedAt = batch.CommittedAt,
            Time = hit.Time,
            UtcOffset = zone,
            Hash = hit.Visitor,
            Country = hit.Country,
            Kind = (byte)hit.Kind,
            OpensVisit = opened,
            Bot = hit.Bot ? BotReason.UserAgent : BotReason.None,
        };
        var unknown = false;
        if (!hit.Bot && hit.Visitor != 0)
        {
            var key = new VisitorCache.Key(row.Site, row.Hash);
            // A visitor who begins a visit in this batch is cached before the later hits are assigned.
            unknown = visitors.NumberOf(key) == 0 && !_openingVisitors.Contains(key);
            if (unknown && visitors.IsMissing(key)) _missingVisitors.Add(key);
            if (unknown && opened) _openingVisitors.Add(key);
        }
        texts.CurrentOwner = new StringTable.SiteDay(row.Site, row.Day);
        try
        {
            Details.Read(details, hit.DetailsCount, hit.Site, (opened || unknown) && !hit.Bot, ref row);
        }
        catch (Exception error) when (error is EndOfStreamException or InvalidOperationException or OverflowException or ArgumentException)
        {
            // MessagePack also reports damaged bytes with these exceptions.
            throw new MessagePack.MessagePackSerializationException("The details of a hit can't be read.", error);
        }
        _rows.Add(row);
    }

    public void Clear()
    {
        BeyondRetention = 0;
        _rows.Clear();
        _missingVisitors.Clear();
        _openingVisitors.Clear();
        NewSites.Clear();
        Details.Clear();
    }

    /// <summary>Reloads the sites from the store.</summary>
    public void Load(IEnumerable<(int Number, string Domain)> stored)
    {
        Clear();
        Sites.Clear();
        _sites.Clear();
        foreach (var (number, domain) in stored) Sites[domain] = number;
    }

    /// <summary>
    /// The time that retention is counted from, so that a wrong clock does not drop hits that wait in the journal. Old hits are deleted
    /// only after everything committed before is projected; the hour covers what arrives meanwhile.
    /// </summary>
    private long RetentionTime(HitBatch batch) => Math.Min(time.GetUtcNow().ToUnixTimeMilliseconds(), batch.CommittedAt + 60 * 60 * 1000);

    private int NumberOfSite(string domain)
    {
        if (Sites.TryGetValue(domain, out var number)) return number;
        number = Sites.Count == 0 ? 1 : Sites.Values.Max() + 1;
        Sites[domain] = number;
        NewSites.Add((number, domain));
        return number;
    }
}
