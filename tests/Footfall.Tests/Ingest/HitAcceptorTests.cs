using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Footfall.Common;
using Footfall.Enrich;
using Footfall.Ingest;
using Footfall.Journal;
using MessagePack;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Footfall.Tests.Ingest;

/// <summary>A hit from JSON into a batch of the journal and back.</summary>
public sealed class HitAcceptorTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);

    private readonly FootfallApp _app = FootfallApp.Start();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private SiteRegistry Sites => _app.Services.GetRequiredService<SiteRegistry>();

    private const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0";

    /// <summary>Reads hits of JSON as the events endpoint does.</summary>
    private Func<byte[], Submission, FieldRejection> Reader()
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.UserAgent = Browser;
        http.Request.Headers.AcceptLanguage = "de-at,de;q=0.8";
        var acceptor = new HitAcceptor(Sites, TestKeyHashers.Any, _app.Services.GetRequiredService<HitOriginFactory>(), Now, http);
        var buffers = new ParseBuffers();
        return (json, submission) =>
        {
            var rejection = HitParser.Parse(json, buffers, out var draft);
            return rejection == FieldRejection.None ? acceptor.Accept(draft, submission) : rejection;
        };
    }

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char['!', '~'], 1, 20], Gen.String[Gen.Char['\u00A1', '\u07FF'], 1, 20],
        Gen.OneOf("😀", "\"", "\\", "a/b", "a b", "漢字"));

    private static readonly Gen<string> Free = Gen.OneOf(Text, Gen.OneOf("", " ", "a\nb", "\t", "\u0001"));

    private static readonly Gen<decimal> Amount = Gen.Decimal[0m, HitLimits.Value]
        .Select(amount => decimal.Round(amount, HitLimits.DecimalPlaces));

    private static readonly Gen<Dictionary<string, object>> Item = Optional(
        ("item_id", Text.Cast()), ("item_name", Text.Cast()), ("item_category", Text.Cast()), ("item_brand", Text.Cast()),
        ("item_variant", Text.Cast()),
        ("price", Amount.Cast()), ("quantity", Amount.Cast()))
            .Select(item => item.ContainsKey("item_id") || item.ContainsKey("item_name") ? item : With(item, "item_id", "1"));

    private static readonly Gen<Dictionary<string, object>> Hits = Optional(
        ("id", Gen.String[Gen.Char['!', '~'], 1, 40].Cast()),
        ("site", Gen.OneOf("shop.example", "default", "Other.Example").Cast()),
        ("name", Gen.OneOf("page_view", "view_item", "add_to_cart", "remove_from_cart", "begin_checkout", "purchase", "refund", "visit",
            "newsletter", "Ünïcode").Cast()),
        ("url", Gen.OneOf("/", "/a/ü", "https://shop.example",
            "https://SHOP.example:80/a?utm_source=m%C3%BC&token=secret-of-query&ref=x#secret-of-fragment",
            "http://secret-user:secret-word@shop.example/p?secret").Cast()),
        ("referrer", Gen.OneOf("https://www.google.com/", "https://secret-user@other.example/a?secret=1", "http://other.example?secret")
            .Cast()),
        ("country", Gen.OneOf("US", "fr", "uk").Cast()),
        ("transaction_id", Text.Cast()),
        ("value", Amount.Cast()),
        ("currency", Gen.OneOf("EUR", "usd").Cast()),
        ("screen", Gen.OneOf("575", "991x1", "1439.5X900", "1440").Cast()),
        ("timestamp", Gen.Int[0, 86_400]
            .Select(seconds => (Now - TimeSpan.FromSeconds(seconds)).ToString("O", CultureInfo.InvariantCulture)).Cast()),
        ("items", Item.Array[0, 5].Cast()),
        ("props", Gen.Select(Text, Free).Array[0, 5]
            .Select(props => props.DistinctBy(prop => prop.Item1).ToDictionary(prop => prop.Item1, prop => (object)prop.Item2)).Cast()))
        .Select(hit => hit.ContainsKey("name") || hit.ContainsKey("url") ? hit : With(hit, "name", "visit"));

    [Fact]
    public void A_valid_hit_comes_back_from_the_journal_as_it_was_sent() => Hits.Array[1, 4].Sample(hits =>
    {
        var submission = new Submission(_ => { });
        var reader = Reader();
        foreach (var hit in hits) Assert.Equal(FieldRejection.None, reader(JsonSerializer.SerializeToUtf8Bytes(hit), submission));
        var batch = Encode(submission);
        Assert.DoesNotContain("secret", Encoding.UTF8.GetString(batch.Span));
        var read = Decode(batch);
        Assert.Equal(hits.Length, read.Count);
        for (var i = 0; i < hits.Length; i++) Same(hits[i], read[i].Hit, read[i].Details);
    });

    [Fact]
    public void JSON_of_any_kind_is_refused_or_makes_a_batch_that_can_be_read() => JsonGenerators.Object.Array[1, 5].Sample(hits =>
    {
        var submission = new Submission(_ => { });
        var reader = Reader();
        var accepted = hits.Count(hit => reader(Encoding.UTF8.GetBytes(hit), submission) == FieldRejection.None);
        Assert.Equal(accepted, submission.Count);
        Assert.Equal(accepted, Decode(Encode(submission)).Count);
    });

    [Fact]
    public void Reading_hits_allocates_nothing_for_each()
    {
        var hit = """
            {"id":"1","site":"shop.example","name":"purchase","url":"https://Shop.example/a\/b?token=x",
             "referrer":"https://www.google.com/",
             "timestamp":"2026-11-24T09:00:00Z","country":"de","transaction_id":"T","value":"59.90","currency":"EUR",
             "items":[{"item_id":"S","item_name":"L\u00e4mp","price":1.5,"quantity":1}],"props":{"plan":"gold","a":1},"more":[{}]}
            """u8.ToArray();
        var submission = new Submission(_ => { });
        var reader = Reader();
        for (var round = 0; ; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1_000; i++) Assert.True(reader(hit, submission) == FieldRejection.None);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            // In the first rounds the memory that all hits share grows, and code is compiled.
            if (round == 3)
            {
                Assert.True(allocated < 1_000, $"{allocated} bytes for 1,000 hits");
                return;
            }
            submission.Dispose();
        }
    }

    private static void Same(Dictionary<string, object> sent, Hit hit, Dictionary<int, object> details)
    {
        string? Sent(string name) => sent.TryGetValue(name, out var value) ? value as string : null;
        var name = Sent("name") ?? "page_view";
        Assert.Equal((Sent("site") ?? "default").ToLowerInvariant(), hit.Site.Domain);
        Assert.Equal(Sent("country")?.ToUpperInvariant() switch { null => "ZZ", "UK" => "GB", var code => code }, hit.Country.Code);
        Assert.Equal(Sent("timestamp") is { } at ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds()
            : Now.ToUnixTimeMilliseconds(), hit.Time);
        Assert.Equal(name is "newsletter" or "Ünïcode" ? HitKind.Custom
            : Enum.Parse<HitKind>(name.Replace("_", ""), ignoreCase: true), hit.Kind);
        Assert.Equal(hit.Kind == HitKind.Visit, hit.Visitor == 0);

        var expected = new Dictionary<int, object>();
        void Expect(DetailField field, object? value)
        {
            if (value is not null) expected[(int)field] = value;
        }
        var (host, path, campaign) = Sent("url") switch
        {
            null => (null, null, null),
            ['/', ..] and var alone => (null, alone, null),
            "https://shop.example" => ("shop.example", "/", null),
            ['h', 't', 't', 'p', 's', ..] =>
                ("shop.example:80", "/a", new Dictionary<string, object> { ["utm_source"] = "mü", ["ref"] = "x" }),
            _ => ("shop.example", "/p", (object?)null),
        };
        Expect(DetailField.Host, host);
        Expect(DetailField.Path, path);
        Expect(DetailField.Campaign, campaign);
        Expect(DetailField.Referrer, Sent("referrer")?.Split('?')[0].Replace("secret-user@", ""));
        Expect(DetailField.Name, hit.Kind == HitKind.Custom ? name : null);
        Expect(DetailField.TransactionId, Sent("transaction_id"));
        Expect(DetailField.Value, sent.TryGetValue("value", out var value) ? Number(value) : null);
        Expect(DetailField.Currency, Sent("currency")?.ToUpperInvariant());
        Expect(DetailField.Props, sent.TryGetValue("props", out var props) && props is Dictionary<string, object> { Count: > 0 } ? props
            : null);
        if (sent.TryGetValue("items", out var items) && items is Dictionary<string, object>[] { Length: > 0 } list)
            expected[(int)DetailField.Items] = list.Select(item => item.ToDictionary(
                field => Array.IndexOf(["item_id", "item_name", "item_category", "item_brand", "item_variant", "price", "quantity"],
                    field.Key) + 1,
                field => field.Value is decimal ? Number(field.Value) : field.Value)).ToList();
        if (hit.Kind != HitKind.Visit)
        {
            Expect(DetailField.Browser, "Firefox");
            Expect(DetailField.BrowserVersion, "132.0");
            Expect(DetailField.Os, "GNU/Linux");
            Expect(DetailField.Device, "Desktop");
            Expect(DetailField.Language, "de-AT");
            Expect(DetailField.Screen,
                Sent("screen") switch { null => null, "575" => "Mobile", "991x1" => "Tablet", "1440" => "Desktop", _ => "Laptop" });
            var source = (campaign, Sent("referrer")) switch
            {
                (not null, _) => "mü",
                (_, null) => null,
                (_, ['h', 't', 't', 'p', 's', ':', '/', '/', 'w', ..]) => "Google",
                _ when hit.Site.Domain == "other.example" => null,
                _ => "other.example",
            };
            Expect(DetailField.Source, source);
            Expect(DetailField.Channel, source switch { null => "Direct", "Google" => "Organic Search", _ => "Referral" });
        }
        Assert.Equivalent(expected, details, strict: true);
        Assert.Equal(expected.Count, hit.DetailsCount);
    }

    private static string Number(object amount) => ((decimal)amount).ToString(CultureInfo.InvariantCulture);

    private static ReadOnlyMemory<byte> Encode(Submission submission)
    {
        var body = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(body);
        BatchFormat.WriteHeader(ref writer, submission.Count);
        var details = submission.Details;
        foreach (ref readonly var hit in submission.Hits)
        {
            BatchFormat.WriteHit(ref writer, hit, opened: false, details[..hit.DetailsLength]);
            details = details[hit.DetailsLength..];
        }
        writer.Flush();
        Assert.True(details.IsEmpty);
        return body.WrittenMemory;
    }

    private List<(Hit Hit, Dictionary<int, object> Details)> Decode(ReadOnlyMemory<byte> batch)
    {
        var read = new List<(Hit, Dictionary<int, object>)>();
        BatchFormat.Read(batch, Sites.GetOrAddStored, (in hit, _, encoded) =>
        {
            var reader = new MessagePackReader(encoded);
            var details = new Dictionary<int, object>();
            for (var i = 0; i < hit.DetailsCount; i++) details.Add(reader.ReadInt32(), Value(ref reader));
            Assert.True(reader.End);
            read.Add((hit, details));
        });
        return read;
    }

    private static object Value(ref MessagePackReader reader)
    {
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.String: return reader.ReadString()!;
            case MessagePackType.Array:
                var list = new List<Dictionary<int, object>>();
                for (var left = reader.ReadArrayHeader(); left > 0; left--)
                {
                    var item = new Dictionary<int, object>();
                    for (var fields = reader.ReadMapHeader(); fields > 0; fields--) item.Add(reader.ReadInt32(), reader.ReadString()!);
                    list.Add(item);
                }
                return list;
            default:
                var map = new Dictionary<string, object>();
                for (var left = reader.ReadMapHeader(); left > 0; left--) map.Add(reader.ReadString()!, reader.ReadString()!);
                return map;
        }
    }

    /// <summary>An object with some of the fields.</summary>
    private static Gen<Dictionary<string, object>> Optional(params (string Name, Gen<object> Value)[] fields) =>
        fields.Aggregate(Gen.Const(() => new Dictionary<string, object>()), (hits, field) =>
            Gen.Select(hits, field.Value, Gen.Bool, (hit, value, present) => present ? With(hit, field.Name, value) : hit));

    private static Dictionary<string, object> With(Dictionary<string, object> fields, string name, object value) =>
        new(fields) { [name] = value };
}

internal static class GenExtensions
{
    public static Gen<object> Cast<T>(this Gen<T> values) => values.Select(value => (object)value!);
}
