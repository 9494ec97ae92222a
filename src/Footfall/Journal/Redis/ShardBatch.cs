using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Footfall.Common;
using MessagePack;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>The part of a submission for one shard, or all of it.</summary>
/// <param name="Hits">The number of its hits in the shard.</param>
/// <param name="Parent">Null if all of it belongs to this shard.</param>
internal readonly record struct ShardPart(Submission Submission, int Hits, MultiShardSubmission? Parent)
{
    /// <summary>When it began to wait: a timestamp.</summary>
    public long QueuedAt { get; init; }

    public void Complete(RejectReason result)
    {
        if (Parent is null) Submission.Complete(result);
        else Parent.Complete(result);
    }
}

/// <summary>
/// A submission with hits of several shards. It completes when all shards have completed: as a success only if each succeeded, and as not
/// counted only if no shard has or may have counted its part.
/// </summary>
internal sealed class MultiShardSubmission(Submission submission, int parts)
{
    private int _remaining = parts, _reason, _counted;

    public void Complete(RejectReason result)
    {
        if (result is RejectReason.None or RejectReason.JournalUncertain) Volatile.Write(ref _counted, 1);
        if (result != RejectReason.None) Interlocked.CompareExchange(ref _reason, (int)result, (int)RejectReason.None);
        if (Interlocked.Decrement(ref _remaining) > 0) return;
        var reason = (RejectReason)_reason;
        submission.Complete(reason != RejectReason.None && _counted > 0 ? RejectReason.JournalUncertain : reason);
    }
}

/// <summary>
/// One script call: the hits of some submissions for one shard in the format of <c>commit.lua</c>, whose reply becomes their outcomes.
/// </summary>
internal sealed class ShardBatch(RedisKeys.Shard shard, Func<Site, int> shardOf)
{
    internal const byte VisitFlag = 1;

    private const byte BotFlag = 2, WarmUpFlag = 4, RepeatFlag = 8;

    /// <summary>The bytes of a hit in the script's <c>FORMAT</c>.</summary>
    internal const int HitBytes = 41;

    private const int PlainBytes = 12;

    private readonly ArrayBufferWriter<byte> _decided = new(1 << 12), _plain = new(256), _body = new(1 << 14);
    private readonly Dictionary<Site, int> _sites = [];
    private readonly Dictionary<(Site Site, Country Country, int Day), int> _groupIndexes = [];
    private readonly List<VisitGroup> _groups = [];
    private int _hits, _toDecide;
    private VisitorRun _run;

    /// <summary>
    /// Consecutive hits of one visitor within the gap of a visit after the first: the later ones open no visit, have no key, and are passed
    /// to the script as one. A script takes 2 µs per hit, and a backend sends one visitor's hits together.
    /// </summary>
    private record struct VisitorRun(Site? Site, ulong Visitor, long First, long Last, int Repeats);

    /// <summary>
    /// Visits that need no decision: without visitor and key. They are passed as a count, so that the script does no work for each.
    /// </summary>
    private record struct VisitGroup(int Site, Country Country, int Day, uint Visits, long NextNumber);

    public List<ShardPart> Parts { get; } = [];

    public bool IsEmpty => Parts.Count == 0;

    /// <param name="number">The batch number: one more than that of the node's last batch for this shard.</param>
    /// <param name="deadline">Unix time in milliseconds on Redis' clock.</param>
    public RedisValue[] EncodeArguments(string node, long number, long deadline)
    {
        foreach (var (submission, _, _) in Parts) AddSubmission(submission);
        foreach (ref readonly var group in CollectionsMarshal.AsSpan(_groups)) WriteGroup(group);
        WriteBody();
        var values = new List<RedisValue>
        {
            shard.Prefix, node, number, deadline, _decided.WrittenMemory, _plain.WrittenMemory, _body.WrittenMemory,
            _toDecide + _groups.Sum(group => (long)group.Visits), _sites.Count,
        };
        foreach (var site in _sites.Keys) values.Add(site.Utf8);
        foreach (var (submission, _, _) in Parts) AddImports(values, submission);
        return [.. values];
    }

    /// <summary>Writes the reply of the script into the outcomes of the submissions.</summary>
    /// <param name="decisions">A digit for each hit to decide.</param>
    /// <param name="results">As documented in <c>commit.lua</c>.</param>
    /// <returns>How many hits were counted, were duplicates, and opened a visit.</returns>
    public (int Accepted, int Duplicates, int Visits) ReadOutcomes(ReadOnlySpan<byte> decisions, ReadOnlySpan<byte> results)
    {
        var totals = results[^(_groups.Count * 6)..];
        foreach (ref var group in CollectionsMarshal.AsSpan(_groups))
        {
            group.NextNumber = ReadInt48(totals) - group.Visits;
            totals = totals[6..];
        }
        var (accepted, duplicates, visits) = (0, 0, 0);
        foreach (var (submission, _, parts) in Parts)
        {
            var hits = submission.Hits;
            var outcomes = submission.Outcomes;
            for (var i = 0; i < hits.Length; i++)
            {
                ref readonly var hit = ref hits[i];
                if (parts is not null && shardOf(hit.Site) != shard.Number) continue;
                ref var outcome = ref outcomes[i];
                if (IsPlain(hit)) outcome = new HitOutcome(false, true, hit.Country, ++GetGroup(hit).NextNumber);
                else
                {
                    outcome = ReadOutcome(hit, decisions[0], ref results);
                    decisions = decisions[1..];
                }
                if (outcome.Duplicate) duplicates++;
                else accepted++;
                if (outcome.OpenedVisit) visits++;
            }
        }
        return (accepted, duplicates, visits);
    }

    public void Clear()
    {
        Parts.Clear();
        _sites.Clear();
        _groupIndexes.Clear();
        _groups.Clear();
        _decided.ResetWrittenCount();
        _plain.ResetWrittenCount();
        _body.ResetWrittenCount();
        (_hits, _toDecide) = (0, 0);
    }

    /// <summary>Whether the buffers are too large to keep.</summary>
    public bool IsLarge => _body.Capacity + _decided.Capacity > 4 << 20;

    private static bool IsPlain(in Hit hit) => hit.Visitor == 0 && hit.Key == 0 && hit.Transaction == 0 && !hit.Bot;

    private static HitOutcome ReadOutcome(in Hit hit, byte decision, ref ReadOnlySpan<byte> results)
    {
        var (duplicate, opened) = (decision == '2', decision == '1');
        if (!duplicate && hit.Kind != HitKind.Visit) return new HitOutcome(false, opened, hit.Country, 0);
        var country = results[0] == 0 ? hit.Country : Country.FromStored([(char)results[0], (char)results[1]]);
        var visits = ReadInt48(results[2..]);
        results = results[8..];
        return new HitOutcome(duplicate, opened, country, visits);
    }

    private static long ReadInt48(ReadOnlySpan<byte> bytes) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes) | (long)BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]) << 32;

    private void AddSubmission(Submission submission)
    {
        foreach (var warmUpHit in submission.WarmUpHits)
            if (shardOf(warmUpHit.Site) == shard.Number) WriteDecided(warmUpHit, WarmUpFlag);
        foreach (ref readonly var hit in submission.Hits)
        {
            if (shardOf(hit.Site) != shard.Number) continue;
            _hits++;
            if (IsPlain(hit)) GetGroup(hit).Visits++;
            else if (ContinuesRun(hit)) _run = _run with { Last = hit.Time, Repeats = _run.Repeats + 1 };
            else BeginRun(hit);
        }
        EndRun();
    }

    private bool ContinuesRun(in Hit hit) =>
        hit.Visitor != 0 && hit.Visitor == _run.Visitor && hit.Site == _run.Site && hit.Time >= _run.Last
            && hit.Time <= _run.First + OpenVisits.MaxGap && hit is { Key: 0, Transaction: 0, Bot: false } && hit.Kind != HitKind.Visit;

    /// <summary>A hit with a key may be a duplicate, and then the next one is the first.</summary>
    private void BeginRun(in Hit hit)
    {
        EndRun();
        WriteDecided(hit, 0);
        if (hit is { Visitor: not 0, Key: 0, Transaction: 0, Bot: false })
            _run = new VisitorRun(hit.Site, hit.Visitor, hit.Time, hit.Time, 0);
    }

    private void EndRun()
    {
        if (_run.Repeats > 0)
        {
            _toDecide += _run.Repeats;
            Write(0, 0, _run.Visitor, _run.Last, _run.Site!, default, _run.Repeats, RepeatFlag);
        }
        _run = default;
    }

    private ref VisitGroup GetGroup(in Hit hit)
    {
        ref var index =
            ref CollectionsMarshal.GetValueRefOrAddDefault(_groupIndexes, (hit.Site, hit.Country, hit.Site.DayOf(hit.Time)), out var known);
        if (!known)
        {
            index = _groups.Count;
            _groups.Add(new VisitGroup(GetSiteIndex(hit.Site), hit.Country, hit.Site.DayOf(hit.Time), 0, 0));
        }
        return ref CollectionsMarshal.AsSpan(_groups)[index];
    }

    private void WriteDecided(in Hit hit, byte flags)
    {
        _toDecide++;
        Write(hit.Key, hit.Transaction, hit.Visitor, hit.Time, hit.Site, hit.Country, hit.Site.DayOf(hit.Time),
            (byte)(flags | (hit.Kind == HitKind.Visit ? VisitFlag : 0) | (hit.Bot ? BotFlag : 0)));
    }

    private void Write(ulong key, ulong transaction, ulong visitor, long time, Site site, Country country, int day, byte flags)
    {
        var bytes = _decided.GetSpan(HitBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, key);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], transaction);
        // Visitors of different sites are different people, even where the hashes are the same.
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], visitor == 0 ? 0
            : Math.Max(1, visitor ^ StoredKeyFormat.HashSite(site.Domain)));
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[24..], time);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[32..], (ushort)GetSiteIndex(site));
        country.Utf8.CopyTo(bytes[34..]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[36..], day);
        bytes[40] = flags;
        _decided.Advance(HitBytes);
    }

    private void WriteGroup(in VisitGroup group)
    {
        var bytes = _plain.GetSpan(PlainBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)group.Site);
        group.Country.Utf8.CopyTo(bytes[2..]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], group.Day);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], group.Visits);
        _plain.Advance(PlainBytes);
    }

    /// <summary>Hits to decide come first, so that the decisions match their order in the stream.</summary>
    private void WriteBody()
    {
        var writer = new MessagePackWriter(_body);
        BatchFormat.WriteHeader(ref writer, _hits);
        WriteHits(ref writer, plain: false);
        WriteHits(ref writer, plain: true);
        writer.Flush();
    }

    private void WriteHits(ref MessagePackWriter writer, bool plain)
    {
        foreach (var (submission, _, _) in Parts)
        {
            var details = submission.Details;
            foreach (ref readonly var hit in submission.Hits)
            {
                if (IsPlain(hit) == plain && shardOf(hit.Site) == shard.Number)
                    BatchFormat.WriteHit(ref writer, hit, plain, details[..hit.DetailsLength]);
                details = details[hit.DetailsLength..];
            }
        }
    }

    private static void AddImports(List<RedisValue> values, Submission submission)
    {
        if (submission.Checkpoint is { } checkpoint)
            values.AddRange([$"imports:{checkpoint.Source}", checkpoint.Id.ToString("N"),
                string.Create(CultureInfo.InvariantCulture, $"{checkpoint.Length} {Convert.ToHexString(checkpoint.Hash)}")]);
        foreach (var id in submission.ImportedIds) values.AddRange(["imported", id.ToByteArray(), submission.Hits[0].Site.Utf8]);
    }

    private int GetSiteIndex(Site site)
    {
        ref var index = ref CollectionsMarshal.GetValueRefOrAddDefault(_sites, site, out var known);
        if (!known) index = _sites.Count - 1;
        return index;
    }
}
