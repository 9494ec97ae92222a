using System.Buffers;
using CsCheck;
using Footfall.Common;
using Footfall.Journal;
using MessagePack;
using Microsoft.Extensions.Options;

namespace Footfall.Tests.Journal;

public sealed class BatchFormatTests
{
    private readonly SiteRegistry _sites = new(Options.Create(new FootfallOptions()), TimeProvider.System);

    private Gen<(Hit Hit, bool Opened)> Hits => Gen.Select(
        OneOf("default", "shop.example", "other.example"),
        Gen.Long[0, 4_102_444_800_000],
        OneOf([.. Country.All, Country.Unknown]),
        OneOf(Enum.GetValues<HitKind>()),
        Gen.Bool, Gen.Bool, Gen.ULong,
        (site, time, country, kind, bot, opened, visitor) =>
            (new Hit(_sites.GetOrAddStored(site), time, country, kind, bot, visitor, 0, 0, 0, 0), opened));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    [Fact]
    public void What_is_written_is_read() => Hits.Array[0, 50].Sample(hits =>
    {
        var body = Write(hits);
        var read = new List<(Hit, bool)>();
        BatchFormat.Read(body, _sites.GetOrAddStored, (in hit, opened, _) => read.Add((hit, opened)));
        Assert.Equal(hits, read);
    });

    [Fact]
    public void Version_1_stays_readable()
    {
        // The bytes as the first release wrote them: a visit from France, and a page view from nowhere with a path (field 16 of the
        // details).
        var body = Convert.FromHexString("9201928301CF0000019AB51A340003A246520"
            + "6C38501CF0000019AB51A340002AC73686F702E6578616D706C650401052A08C4058110A22F61");
        var read = new List<(Hit Hit, bool Opened, byte[] Details)>();
        BatchFormat.Read(body, _sites.GetOrAddStored, (in hit, opened, details) => read.Add((hit, opened, details.ToArray())));
        Assert.Equal(("default", "FR", HitKind.Visit, true),
            (read[0].Hit.Site.Domain, read[0].Hit.Country.Code, read[0].Hit.Kind, read[0].Opened));
        Assert.Equal(("shop.example", "ZZ", HitKind.PageView, 42ul),
            (read[1].Hit.Site.Domain, read[1].Hit.Country.Code, read[1].Hit.Kind, read[1].Hit.Visitor));
        Assert.Equal(1, read[1].Hit.DetailsCount);
        Assert.Equal("10A22F61", Convert.ToHexString(read[1].Details));
    }

    [Fact]
    public void Details_of_any_number_of_fields_come_back() => Gen.Int[0, 255].Array[1, 5].Sample(counts =>
    {
        var body = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(body);
        BatchFormat.WriteHeader(ref writer, counts.Length);
        foreach (var count in counts) BatchFormat.WriteHit(ref writer,
            new Hit(_sites.Default, 1, Country.Unknown, HitKind.PageView, false, 1, 0, 0, 0, (byte)count), false, Details(count));
        writer.Flush();
        var read = new List<int>();
        BatchFormat.Read(body.WrittenMemory, _sites.GetOrAddStored, (in hit, _, details) =>
        {
            read.Add(hit.DetailsCount);
            Assert.Equal(Details(hit.DetailsCount), details.ToArray());
            Assert.Equal(details.Length, hit.DetailsLength);
        });
        Assert.Equal(counts, read);
    });

    /// <summary>Fields of numbers up to 127, one byte each, with a number for a value.</summary>
    private static byte[] Details(int count) => [.. Enumerable.Range(0, count).SelectMany(i => (byte[])[(byte)(i & 0x7F), 1])];

    [Fact]
    public void A_later_version_is_refused()
    {
        var body = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(body);
        writer.WriteArrayHeader(2);
        writer.Write(BatchFormat.Version + 1);
        writer.WriteArrayHeader(0);
        writer.Flush();
        Assert.Throws<UnsupportedBatchVersionException>(() =>
            BatchFormat.Read(body.WrittenMemory, _sites.GetOrAddStored, (in _, _, _) => { }));
    }

    private static ReadOnlyMemory<byte> Write((Hit Hit, bool Opened)[] hits)
    {
        var body = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(body);
        BatchFormat.WriteHeader(ref writer, hits.Length);
        foreach (var (hit, opened) in hits) BatchFormat.WriteHit(ref writer, hit, opened, []);
        writer.Flush();
        return body.WrittenMemory;
    }
}
