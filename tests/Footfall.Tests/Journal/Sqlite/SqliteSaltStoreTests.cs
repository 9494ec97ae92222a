using Footfall.Common;
using Footfall.Journal;
using Footfall.Journal.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests.Journal.Sqlite;

public sealed class SqliteSaltStoreTests : IDisposable
{
    private static readonly Site Shop = new(1, "shop.example", TimeZoneInfo.Utc, "EUR");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 10, 0, 0, 0, TimeSpan.Zero));
    private readonly string _directory = Directory.CreateTempSubdirectory("footfall-test-").FullName;

    private string FilePath => Path.Combine(_directory, SqliteSaltStore.FileName);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_salt_is_random_and_its_own_for_each_site_and_day()
    {
        using var salts = Open();
        byte[][] all = [salts.GetOrCreate(Shop, 1), salts.GetOrCreate(Shop, 2),
            salts.GetOrCreate(Shop with { Index = 2, Domain = "other.example" }, 1)];
        Assert.Equal(3, all.Select(Convert.ToHexString).Distinct().Count());
        Assert.All(all, salt => Assert.Equal(32, salt.Length));
        Assert.Same(all[0], salts.GetOrCreate(Shop, 1));
    }

    [Fact]
    public void A_salt_is_on_disk_before_it_is_used()
    {
        using var salts = Open();
        var salt = salts.GetOrCreate(Shop, 1);
        Assert.True(Holds(salt));
    }

    [Fact]
    public void A_salt_is_erased_from_the_bytes_of_the_file_after_48_hours()
    {
        using var salts = Open();
        var early = salts.GetOrCreate(Shop, 1);
        _time.Advance(TimeSpan.FromHours(1));
        var late = salts.GetOrCreate(Shop, 2);

        _time.Advance(TimeSpan.FromHours(47) - TimeSpan.FromMinutes(1));
        Assert.True(Holds(early));
        Assert.Same(early, salts.GetOrCreate(Shop, 1));

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(Holds(early));
        Assert.True(Holds(late));
        Assert.NotEqual(early, salts.GetOrCreate(Shop, 1));
        Assert.Same(late, salts.GetOrCreate(Shop, 2));
    }

    [Fact]
    public void No_copy_stays_behind_in_a_page_of_the_file()
    {
        using var salts = Open();
        // These domains fill pages so that SQLite leaves a copy of a row behind when it splits one: secure_delete alone fails here.
        var random = new Random(111);
        var start = _time.GetUtcNow();
        var (early, late) = (new List<byte[]>(), new List<byte[]>());
        for (var i = 0; i < 100; i++)
        {
            var old = random.Next(2) == 0;
            _time.AdjustTime(old ? start : start.AddMilliseconds(1));
            var site = Shop with { Index = i, Domain = $"{new string((char)('a' + random.Next(26)), random.Next(1, 61))}{i}.example" };
            (old ? early : late).Add(salts.GetOrCreate(site, old ? 20_000 : 20_001));
        }
        _time.AdjustTime(start.AddHours(48) - TimeSpan.FromMinutes(1));
        _time.Advance(TimeSpan.FromMinutes(1));
        var bytes = File.ReadAllBytes(FilePath);
        Assert.DoesNotContain(early, salt => bytes.AsSpan().IndexOf(salt) >= 0);
        Assert.All(late, salt => Assert.True(bytes.AsSpan().IndexOf(salt) >= 0));
    }

    [Fact]
    public void A_salt_that_grew_old_while_the_program_was_down_is_destroyed_at_start()
    {
        byte[] salt;
        using (var salts = Open()) salt = salts.GetOrCreate(Shop, 1);
        _time.Advance(TimeSpan.FromHours(48));
        Assert.True(Holds(salt));
        using (Open()) Assert.False(Holds(salt));
    }

    [Fact]
    public void A_restart_keeps_the_salt()
    {
        byte[] salt;
        using (var salts = Open()) salt = salts.GetOrCreate(Shop, 1);
        _time.Advance(TimeSpan.FromHours(47));
        using (var salts = Open()) Assert.Equal(salt, salts.GetOrCreate(Shop, 1));
    }

    [Fact]
    public void A_salt_made_while_the_clock_was_wrong_is_destroyed()
    {
        byte[] salt;
        using (var salts = Open()) salt = salts.GetOrCreate(Shop, 1);
        var past = new FakeTimeProvider(_time.GetUtcNow().AddDays(-2));
        using (new SqliteSaltStore(Settings(), past, NullLogger<SqliteSaltStore>.Instance)) Assert.False(Holds(salt));
    }

    [Fact]
    public async Task Concurrent_threads_get_the_same_salt()
    {
        using var salts = Open();
        var all = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => salts.GetOrCreate(Shop, 1))));
        Assert.All(all, salt => Assert.Same(all[0], salt));
    }

    [Fact]
    public void A_store_that_fails_reports_it_and_recovers()
    {
        using var salts = Open();
        var known = salts.GetOrCreate(Shop, 1);
        using (var other = new SqliteConnection($"Data Source={FilePath};Pooling=False"))
        {
            other.Open();
            using var command = other.CreateCommand();
            command.CommandText = "ALTER TABLE salts RENAME TO away";
            command.ExecuteNonQuery();
            Assert.Throws<SaltsUnavailableException>(() => salts.GetOrCreate(Shop, 2));
            Assert.Same(known, salts.GetOrCreate(Shop, 1));
            command.CommandText = "ALTER TABLE away RENAME TO salts";
            command.ExecuteNonQuery();
        }
        Assert.Equal(32, salts.GetOrCreate(Shop, 2).Length);
    }

    [Fact]
    public async Task A_file_that_is_no_database_stops_the_program_with_a_sentence()
    {
        await File.WriteAllTextAsync(FilePath, new string('x', 4096), TestContext.Current.CancellationToken);
        await using var program = FootfallProcess.Launch(_directory);
        await program.WaitForExitAsync();
        Assert.Equal(1, program.ExitCode);
        Assert.Contains($"{FilePath}, can't be opened", program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_owner_may_read_the_file()
    {
        using var salts = Open();
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
    }

    private SqliteSaltStore Open() => new(Settings(), _time, NullLogger<SqliteSaltStore>.Instance);

    private IOptions<FootfallOptions> Settings() => Options.Create(new FootfallOptions { DataDirectory = _directory });

    private bool Holds(byte[] salt) =>
        Directory.EnumerateFiles(_directory).Any(file => File.ReadAllBytes(file).AsSpan().IndexOf(salt) >= 0);
}
