using System.Text;
using CsCheck;
using Footfall.Common;
using Footfall.Enrich;
using Footfall.Import;
using Footfall.Import.AccessLog;
using Footfall.Ingest;
using Footfall.Journal;
using Footfall.Journal.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using static Footfall.Tests.Import.AccessLog.AccessLogBuilder;

namespace Footfall.Tests.Import.AccessLog;

public sealed class AccessLogImporterTests
{
    [Fact]
    public async Task Visits_are_decided_by_the_times_in_the_log()
    {
        await using var app = FootfallApp.Start();
        var summary = await app.ImportAsync(Line(0) + Line(30) + Line(61) + Line(61, host: "198.51.100.2")
            + Line(62, agent: Firefox + " "));
        Assert.Equal((5, 5, 4), (summary.Lines, summary.Pages, summary.Visits));
        Assert.Equal((Start, Start.AddMinutes(62)), (summary.First, summary.Last));
        Assert.Equal(4, (await app.StatsAsync()).Values.Sum());
    }

    [Fact]
    public async Task What_is_left_out_is_counted_by_its_reason()
    {
        await using var app = FootfallApp.Start();
        var summary = await app.ImportAsync(
            Line(0) + Line(1, request: "GET /logo.png HTTP/1.1") + Line(2, status: 404) + Line(3, request: "POST / HTTP/1.1")
                + "nonsense\n\n \r\n" + Line(5e6 * 60)
            + Line(4, agent: Googlebot) + "\0\0\0" + Line(5) + new string('x', 100_000) + "\n");
        Assert.Equal((11, 3, 1, 2, 2), (summary.Lines, summary.Pages, summary.Bots, summary.Blank, summary.Malformed));
        Assert.Equal([5, 11], summary.FirstMalformed.Select(line => line.Line));
        Assert.Equal([SkipReason.Method, SkipReason.Status, SkipReason.StaticFile, SkipReason.Future], summary.LeftOut.Keys.Order());
        Assert.All(summary.LeftOut.Values, lines => Assert.Equal(1, lines));
        // The line behind the zero bytes names another host, and no country: it is a visitor of its own.
        Assert.Equal(2, summary.Visits);
    }

    [Fact]
    public async Task Static_files_are_pages_when_they_are_included()
    {
        await using var app = FootfallApp.Start();
        Assert.Equal(1, (await app.ImportAsync(Line(0, request: "GET /logo.png HTTP/1.1"), includeAssets: true)).Pages);
    }

    [Fact]
    public async Task The_same_log_changes_nothing_even_years_later()
    {
        using var data = new TemporaryDirectory();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var log = Line(0) + Line(1) + Line(90);
        await using (var app = FootfallApp.Start(time, data)) await app.ImportAsync(log);
        time.Advance(TimeSpan.FromDays(1_000));
        await using (var app = FootfallApp.Start(time, data))
        {
            var again = await app.ImportAsync(log);
            Assert.Equal((3, 0, 0, 0), (again.KnownLines, again.Lines, again.Pages, again.Visits));
            Assert.Equal(2, (await app.StatsAsync()).Values.Sum());
        }
    }

    [Fact]
    public async Task A_visit_goes_on_in_a_grown_log_though_the_salts_of_its_day_are_gone()
    {
        using var data = new TemporaryDirectory();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var log = Line(0) + Line(40) + Line(41, host: "198.51.100.2");
        await using (var app = FootfallApp.Start(time, data)) Assert.Equal(3, (await app.ImportAsync(log)).Visits);
        time.Advance(TimeSpan.FromDays(3));
        await using (var app = FootfallApp.Start(time, data))
        {
            var grown = await app.ImportAsync(log + Line(45) + Line(71, host: "198.51.100.2") + Line(80));
            Assert.Equal((3, 3, 1), (grown.KnownLines, grown.Pages, grown.Visits));
        }
    }

    [Fact]
    public async Task A_last_line_without_its_end_is_counted_once()
    {
        await using var app = FootfallApp.Start();
        var log = Line(0) + Line(1);
        Assert.Equal(2, (await app.ImportAsync(log[..^1])).Pages);
        var grown = await app.ImportAsync(log + Line(2));
        Assert.Equal((2, 1), (grown.KnownLines, grown.Pages));
        Assert.Equal(0, (await app.ImportAsync(log[..^1])).Lines);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(80)]
    [InlineData(2)]
    public async Task A_last_line_that_is_not_written_to_its_end_is_left_for_the_next_time(int missing)
    {
        await using var app = FootfallApp.Start();
        var log = Line(0) + Line(1);
        var part = await app.ImportAsync(log[..^missing]);
        Assert.Equal((1, 1, true), (part.Lines, part.Pages, part.Unfinished));
        var whole = await app.ImportAsync(log);
        Assert.Equal((1, 1, 1, false), (whole.KnownLines, whole.Lines, whole.Pages, whole.Unfinished));
    }

    [Fact]
    public async Task A_log_imported_in_any_parts_counts_like_the_whole()
    {
        await using var app = FootfallApp.Start(("QueueLimit", "3"));
        var site = 0;
        var line = Gen.Select(Gen.Double[0, 25], Gen.Int[1, 3], Gen.Int[0, 9], (gap, host, kind) => (gap, host, kind));
        await Gen.Select(line.Array[2, 25], Gen.Double[0, 1], Gen.Double[0, 1]).SampleAsync(async (lines, first, second) =>
        {
            var (log, minute) = (new StringBuilder(), 0.0);
            foreach (var (gap, host, kind) in lines)
            {
                minute += gap;
                // Content without a readable line is not recorded, so its malformed lines are listed each time.
                log.Append(kind == 0 && log.Length > 0 ? "broken\n" : Line(minute, $"198.51.100.{host}", kind == 1 ? "GET /x.css HTTP/1.1"
                    : "GET / HTTP/1.1", agent: kind == 2 ? Googlebot : Firefox));
            }
            var text = log.ToString();
            var whole = await app.ImportAsync(text, $"whole{++site}.example");
            var start = text.IndexOf('\n') + 1;
            int[] cuts = [.. new[] { first, second }.Select(cut => start + (int)(cut * (text.Length - start))).Order(), text.Length];
            var parts = new List<ImportSummary>();
            foreach (var cut in cuts) parts.Add(await app.ImportAsync(text[..cut], $"parts{site}.example"));
            Assert.Equal((whole.Pages, whole.Bots, whole.Visits, whole.Malformed),
                (parts.Sum(p => p.Pages), parts.Sum(p => p.Bots), parts.Sum(p => p.Visits), parts.Sum(p => p.Malformed)));
            Assert.Equal(await app.StatsAsync($"whole{site}.example"), await app.StatsAsync($"parts{site}.example"));
        }, iter: 40, threads: 1);
    }

    [Fact]
    public async Task An_interrupted_import_goes_on_where_it_stopped()
    {
        await using var app = FootfallApp.Start(("QueueLimit", "10"));
        var log = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5_000).Select(i => Line(i * 0.1, $"198.51.100.{i % 7}"))));
        var import = app.Services.GetRequiredService<AccessLogImporter>();
        using var interrupt = new CancellationTokenSource();
        var state = await import.GetStateAsync("", TestContext.Current.CancellationToken);
        var part = await import.ImportAsync(new CancelingStream(log, interrupt), new AccessLogRequest("", 0, state.Token, false), null,
            interrupt.Token);
        Assert.Equal(ImportStatus.Stopped, part.Status);
        Assert.InRange(part.Pages, 1, 4_999);
        var rest = await import.ImportAsync(log);
        Assert.Equal((ImportStatus.Complete, 5_000), (rest.Status, part.Pages + rest.Pages));
        Assert.Equal(part.Lines, rest.KnownLines);
        Assert.Equal(7, part.Visits + rest.Visits);
        Assert.Equal(7, (await app.StatsAsync()).Values.Sum());
    }

    [Fact]
    public async Task Path_and_referrer_are_stored_without_queries_and_neither_address_nor_User_Agent_anywhere()
    {
        using var data = new TemporaryDirectory();
        const string Host = "203.0.113.213", Agent = AccessLogBuilder.Firefox + " quetzalcoatl";
        var line = Line(0, Host, agent: Agent, request: @"GET /caf\xC3\xA9/a\x22b?token=xylophone HTTP/1.1")
            .Replace("\"-\"", "\"https://user:word@www.example.com/x?q=xylophone\"", StringComparison.Ordinal);
        await using (var app = FootfallApp.Start(null, data)) Assert.Equal(1, (await app.ImportAsync(line)).Visits);
        using var store = SqliteStore.Open(Path.Combine(data, SqliteJournal.FileName), fsync: false);
        var fields = new Dictionary<int, string>();
        foreach (var row in store.Query("SELECT body FROM batches"))
        {
            BatchFormat.Read(row.GetFieldValue<byte[]>(0), _ =>
                new Site(0, Site.Default, TimeZoneInfo.Utc, "EUR"), (in hit, opened, details) =>
            {
                Assert.Equal((HitKind.PageView, true, Start.ToUnixTimeMilliseconds()), (hit.Kind, opened, hit.Time));
                var reader = new MessagePack.MessagePackReader(details);
                while (!reader.End) fields.Add(reader.ReadInt32(), reader.ReadString()!);
            });
        }
        Assert.Equal(
            new Dictionary<int, string>
            {
                [16] = "/café/a\"b",
                [17] = "https://www.example.com/x",
                [26] = "Firefox",
                [27] = "127.0",
                [28] = "GNU/Linux",
                [30] = "Desktop",
                [33] = "example.com",
                [34] = "Referral",
            },
            fields);
        foreach (var file in Directory.GetFiles(data))
        {
            var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            foreach (var secret in new[] { Host, "Gecko/", "quetzalcoatl", "xylophone", "word@" })
                Assert.False(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) >= 0, $"{secret} is in {file}");
        }
    }

    [Fact]
    public async Task Sources_and_bots_are_detected_by_query_and_referrer()
    {
        using var data = new TemporaryDirectory();
        var log = Line(0, "198.51.100.1", "GET /a?utm_source=newsletter&utm_medium=email HTTP/1.1")
            + Line(1, "198.51.100.2", "GET /b?gclid=secret HTTP/1.1")
                .Replace("\"-\"", "\"https://www.google.de/\"", StringComparison.Ordinal)
            + Line(2, "198.51.100.3").Replace("\"-\"", "\"http://semalt.com/\"", StringComparison.Ordinal)
            + Line(3, "198.51.100.4", agent: Googlebot);
        await using (var app = FootfallApp.Start(null, data))
        {
            var summary = await app.ImportAsync(log);
            Assert.Equal((4, 2, 2), (summary.Pages, summary.Bots, summary.Visits));
        }
        using var store = SqliteStore.Open(Path.Combine(data, SqliteJournal.FileName), fsync: false);
        var read = new List<string>();
        foreach (var row in store.Query("SELECT body FROM batches"))
        {
            BatchFormat.Read(row.GetFieldValue<byte[]>(0), _ => new Site(0, Site.Default, TimeZoneInfo.Utc, "EUR"), (in hit, _, details) =>
            {
                var reader = new MessagePack.MessagePackReader(details);
                var fields = new Dictionary<DetailField, object?>();
                for (var i = 0; i < hit.DetailsCount; i++)
                {
                    var field = (DetailField)reader.ReadInt32();
                    if (field == DetailField.Campaign) reader.Skip();
                    else fields.Add(field, field == DetailField.BotReason ? (BotReason)reader.ReadByte() : reader.ReadString());
                }
                read.Add($"{fields.GetValueOrDefault(DetailField.Source)}, {fields.GetValueOrDefault(DetailField.Channel)}, " +
                    $"{fields.GetValueOrDefault(DetailField.BotReason, BotReason.None)}, {hit.Bot}");
            });
        }
        Assert.Equal(
            ["newsletter, Email, None, False", "Google, Paid Search, None, False", "semalt.com, Referral, ReferrerSpam, True",
                ", Direct, UserAgent, True"], read);
    }

    [Fact]
    public async Task An_import_that_knows_an_old_state_is_refused()
    {
        await using var app = FootfallApp.Start();
        var import = app.Services.GetRequiredService<AccessLogImporter>();
        var old = await import.GetStateAsync("", TestContext.Current.CancellationToken);
        await app.ImportAsync(Line(0));
        var summary = await import.ImportAsync(new MemoryStream(Encoding.UTF8.GetBytes(Line(0))),
            new AccessLogRequest("", 0, old.Token, false), null, TestContext.Current.CancellationToken);
        Assert.Equal(ImportStatus.Outdated, summary.Status);
        Assert.Equal(1, (await app.StatsAsync()).Values.Sum());
    }

    [Fact]
    public async Task Content_that_is_not_what_it_was_said_to_be_is_refused()
    {
        await using var app = FootfallApp.Start();
        var import = app.Services.GetRequiredService<AccessLogImporter>();
        await app.ImportAsync(Line(0));
        var state = await import.GetStateAsync("", TestContext.Current.CancellationToken);
        foreach (var from in new long[] { 1, Line(0).Length, 1_000_000 })
        {
            var summary = await import.ImportAsync(new MemoryStream(Encoding.UTF8.GetBytes(Line(9) + Line(10))),
                new AccessLogRequest("", from, state.Token, false), null, TestContext.Current.CancellationToken);
            Assert.Equal(ImportStatus.Changed, summary.Status);
        }
        Assert.Equal(1, (await app.StatsAsync()).Values.Sum());
    }

    [Fact]
    public async Task A_log_that_begins_like_a_known_one_and_differs_later_is_noticed()
    {
        await using var app = FootfallApp.Start();
        await app.ImportAsync(Line(0) + Line(1));
        await app.ImportAsync(Line(0) + Line(1) + Line(2) + Line(3));
        var state = await app.Services.GetRequiredService<AccessLogImporter>().GetStateAsync("", TestContext.Current.CancellationToken);
        async Task<ResumePointFinder.ResumePoint> FindAsync(string log) => await ResumePointFinder.FindAsync(() =>
            new MemoryStream(Encoding.UTF8.GetBytes(log)), state.Known, TestContext.Current.CancellationToken);
        Assert.Equal(new(Line(0).Length * 2, false), await FindAsync(Line(0) + Line(1)));
        Assert.Equal(new(Line(0).Length * 2, true), await FindAsync(Line(0) + Line(1) + Line(2)));
        Assert.Equal(new(0, true), await FindAsync(Line(0)));
        Assert.Equal(new(Line(0).Length * 4, false), await FindAsync(Line(0) + Line(1) + Line(2) + Line(3) + Line(4)));
        Assert.Equal(new(0, false), await FindAsync(Line(7)));
        Assert.Equal(new(0, false), await FindAsync(""));
    }

    [Fact]
    public async Task An_import_waits_for_a_journal_that_can_not_take_more()
    {
        await using var app = FootfallApp.Start();
        var services = app.Services;
        var journal = new FailingJournal(services.GetRequiredService<IJournal>());
        var import = new AccessLogImporter(journal, services.GetRequiredService<SiteRegistry>(),
            services.GetRequiredService<HitAcceptorFactory>(), services.GetRequiredService<HitOriginFactory>(), TimeProvider.System,
            services.GetRequiredService<IOptions<FootfallOptions>>());
        Assert.Equal((2, 1), (await import.ImportAsync(Encoding.UTF8.GetBytes(Line(0) + Line(1)))) is var summary
            ? (summary.Pages, summary.Visits) : default);
        Assert.Equal(1, (await app.StatsAsync()).Values.Sum());
    }

    /// <summary>Content during which the import is stopped.</summary>
    private sealed class CancelingStream(byte[] content, CancellationTokenSource stop) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position > Length / 2) stop.Cancel();
            return base.ReadAsync(buffer[..Math.Min(10_000, buffer.Length)], cancellationToken);
        }
    }

    /// <summary>A journal that rejects the first submissions.</summary>
    private sealed class FailingJournal(IJournal inner) : IJournal
    {
        private readonly Queue<RejectReason> _refusals =
            new([RejectReason.JournalFull, RejectReason.JournalUnavailable, RejectReason.JournalFull]);

        public bool IsReady => inner.IsReady;

        public int QueueLength => inner.QueueLength;

        public VisitCounters Counters => inner.Counters;

        public IReadOnlyList<ImportCheckpoint> ReadCheckpoints(string source) => inner.ReadCheckpoints(source);

        public IReadOnlySet<Guid> FindImported(IReadOnlyCollection<Guid> ids) => inner.FindImported(ids);

        public Submission Rent(bool quick) => inner.Rent(quick);

        public ValueTask<RejectReason> AppendAsync(Submission submission) =>
            _refusals.TryDequeue(out var refusal) ? new(refusal) : inner.AppendAsync(submission);
    }
}
