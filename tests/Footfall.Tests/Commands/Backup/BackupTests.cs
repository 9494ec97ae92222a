using Footfall.Commands;
using Footfall.Commands.Backup;
using Footfall.Common;
using Footfall.Journal.Sqlite;

namespace Footfall.Tests.Commands.Backup;

/// <summary><c>footfall backup</c> and <c>footfall restore</c>, with a server in a process of its own or without one.</summary>
public sealed class BackupTests : IDisposable
{
    private const string Shop = "shop.example";

    /// <summary>
    /// A write beyond the limit of a file's size is an error to the program, as on a full disk; .NET's own memory for code is otherwise a
    /// file of megabytes.
    /// </summary>
    private const string DiskOf100Kilobytes = "trap '' XFSZ; export DOTNET_EnableWriteXorExecute=0; ulimit -f 100; exec \"$@\"";

    private readonly TemporaryDirectory _data = new(), _files = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Target => Path.Combine(_files, "backup");

    private string Restored => Path.Combine(_files, "restored");

    public void Dispose()
    {
        _data.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task What_is_restored_answers_as_the_original_did()
    {
        string before;
        await using (var server = await FootfallProcess.StartAsync(_data))
        {
            await ShopFixture.FillAsync(server.Http, Shop, 300, keys: "k");
            before = await ShopFixture.DescribeAsync(server.Http, Shop);
            (await FootfallCommand.RunAsync(_data, "backup", Target)).HasExitCode(0);
            Assert.Equal(before, await ShopFixture.DescribeAsync(server.Http, Shop));
        }
        (await FootfallCommand.RunAsync(Restored, "restore", Target)).HasExitCode(0);
        await using var after = await FootfallProcess.StartAsync(Restored);
        Assert.Equal(before, await ShopFixture.DescribeAsync(after.Http, Shop));
        // The keys of the last 24 hours too: what is sent again counts once.
        await ShopFixture.FillAsync(after.Http, Shop, 300, keys: "k");
        Assert.Equal(before, await ShopFixture.DescribeAsync(after.Http, Shop));
    }

    [Fact]
    public async Task A_backup_under_load_has_all_that_was_answered_before_it_and_each_hit_once()
    {
        await using var server = await FootfallProcess.StartAsync(_data);
        using var enough = new CancellationTokenSource();
        var (answered, sent) = (0L, 0L);
        var clients = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                Interlocked.Add(ref sent, 20);
                await ShopFixture.SendAsync(server.Http, string.Join('\n',
                    Enumerable.Repeat($$"""{"site":"{{Shop}}","name":"visit","url":"https://{{Shop}}/a","country":"DE"}""", 20)));
                Interlocked.Add(ref answered, 20);
            }
        }, Stop)).ToArray();
        await Eventually.BecomesAsync(() => Task.FromResult(Interlocked.Read(ref answered) > 2_000), "hits come in");
        var least = Interlocked.Read(ref answered);
        (await FootfallCommand.RunAsync(_data, "backup", Target)).HasExitCode(0);
        var most = Interlocked.Read(ref sent);
        await enough.CancelAsync();
        await Task.WhenAll(clients);

        (await FootfallCommand.RunAsync(Restored, "restore", Target)).HasExitCode(0);
        var manifest = BackupManifest.Read(Target);
        Assert.True(manifest.HistoryPosition <= manifest.JournalPosition);
        await using var after = await FootfallProcess.StartAsync(Restored);
        await ShopFixture.WaitForHistoryAsync(after.Http);
        var visits = (await after.Http.GetFromJsonAsync<Dictionary<string, long>>($"/api/v1/stats?site={Shop}", Stop))!["de"];
        Assert.InRange(visits, least, most);
        Assert.Equal(visits, (long)(await ShopFixture.QueryAsync(after.Http, Shop, "\"visits\"", "\"visit:country\""))[0]!["metrics"]![0]!);
    }

    [Fact]
    public async Task Hits_are_counted_while_the_history_is_held_for_a_backup_and_it_catches_up_afterwards()
    {
        await using var app = FootfallApp.Start(null, _data, ("History:Enabled", "true"));
        await ShopFixture.WaitForHistoryAsync(app.Http);
        await using (var hold = await BackupLock.AcquireAsync(_data, TimeProvider.System, Stop))
        {
            var held = await hold.LockHistoryAsync(Stop);
            await app.VisitAsync("us", 5);
            Assert.Equal(5, (await app.StatsAsync())["us"]);
            held.EnsureHeld();
            Assert.Contains("Another backup", (await FootfallCommand.RunAsync(_data, "backup", Target)).HasExitCode(1).Output);
            Assert.False(Directory.Exists(Target));
            await held.DisposeAsync();
        }
        await ShopFixture.WaitForHistoryAsync(app.Http);
        (await FootfallCommand.RunAsync(_data, "backup", Target)).HasExitCode(0);
    }

    [Fact]
    public async Task A_backup_without_a_server_has_what_a_killed_one_left()
    {
        string before;
        await using (var server = await FootfallProcess.StartAsync(_data))
        {
            await ShopFixture.FillAsync(server.Http, Shop, 100);
            before = await ShopFixture.DescribeAsync(server.Http, Shop);
            await server.KillAsync();
        }
        (await FootfallCommand.RunAsync(_data, "backup", Target)).HasExitCode(0);
        (await FootfallCommand.RunAsync(Restored, "restore", Target)).HasExitCode(0);
        await using var after = await FootfallProcess.StartAsync(Restored);
        Assert.Equal(before, await ShopFixture.DescribeAsync(after.Http, Shop));
    }

    [Fact]
    public async Task The_salts_of_visitors_are_not_in_a_backup()
    {
        await using var app = FootfallApp.Start(null, _data);
        await ShopFixture.SendAsync(app.Http, """{"url":"https://shop.example/a"}""");
        Assert.True(File.Exists(Path.Combine(_data, SqliteSaltStore.FileName)));
        (await FootfallCommand.RunAsync(_data, "backup", Target)).HasExitCode(0);
        Assert.Equal([SqliteJournal.FileName, BackupManifest.FileName], Directory.EnumerateFileSystemEntries(Target)
            .Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_directory_that_is_not_empty_is_left_alone()
    {
        await FilledAsync();
        Directory.CreateDirectory(Target);
        await File.WriteAllTextAsync(Path.Combine(Target, "mine.txt"), "x", Stop);
        Assert.Contains("not empty", (await FootfallCommand.RunAsync(_data, "backup", Target)).HasExitCode(1).Output);
        Assert.Equal("mine.txt", Path.GetFileName(Assert.Single(Directory.EnumerateFileSystemEntries(Target))));
        Assert.Contains("is a file",
            (await FootfallCommand.RunAsync(_data, "backup", Path.Combine(Target, "mine.txt"))).HasExitCode(1).Output);
        Assert.Contains("not empty", (await FootfallCommand.RunAsync(_data, "backup", _data)).HasExitCode(1).Output);
        Assert.Contains("no data directory",
            (await FootfallCommand.RunAsync(Path.Combine(_files, "none"), "backup", Path.Combine(_files, "b"))).HasExitCode(1).Output);
    }

    [Fact]
    public async Task A_disk_without_room_leaves_no_backup_and_the_data_of_a_restore_as_it_was()
    {
        await FilledAsync(5_000);
        var result = await FootfallCommand.RunProcessAsync(DiskOf100Kilobytes, _data, ["backup", Target]);
        Assert.Contains("The backup failed", result.HasExitCode(1).Output);
        Assert.False(Path.Exists(Target));
        (await FootfallCommand.RunAsync(_data, "backup", Target)).HasExitCode(0);
        var before = Directory.EnumerateFileSystemEntries(_data).Order().ToList();
        result = await FootfallCommand.RunProcessAsync(DiskOf100Kilobytes, _data, ["restore", Target, "--force"]);
        Assert.Contains("The data is unchanged", result.HasExitCode(1).Output);
        Assert.Equal(before, Directory.EnumerateFileSystemEntries(_data).Order());
        await using var server = await FootfallProcess.StartAsync(_data);
        Assert.Equal(5_001, (await StatsAsync(server)).Values.Sum());
    }

    [Fact]
    public async Task A_backup_that_is_killed_is_not_complete_and_not_in_the_way_of_the_next()
    {
        await FilledAsync(20_000);
        var killed = FootfallCommand.RunProcessAsync("exec \"$@\"", _data, ["backup", Target], process => Task.Run(async () =>
        {
            await Eventually.BecomesAsync(() =>
                Task.FromResult(Directory.Exists(Path.Combine(Target, "unfinished")) || process.HasExited), "it copies");
            process.Kill();
        }, Stop));
        if ((await killed).ExitCode == 0) return;
        Assert.False(File.Exists(Path.Combine(Target, BackupManifest.FileName)));
        Assert.Contains("is not a backup, or the backup was not finished",
            (await FootfallCommand.RunAsync(Restored, "restore", Target)).HasExitCode(1).Output);
        (await FootfallCommand.RunAsync(_data, "backup", Target)).HasExitCode(0);
        (await FootfallCommand.RunAsync(Restored, "restore", Target)).HasExitCode(0);
    }

    [Fact]
    public async Task A_server_that_is_killed_ends_the_backup_with_a_sentence()
    {
        await using var server = await FootfallProcess.StartAsync(_data);
        await using var hold = await BackupLock.AcquireAsync(_data, TimeProvider.System, Stop);
        await using var held = await hold.LockHistoryAsync(Stop);
        await server.KillAsync();
        await Eventually.BecomesAsync(() => Task.FromResult(Record.Exception(held.EnsureHeld) is CommandException), "the hold is lost");
        await Eventually.BecomesAsync(() =>
            Task.FromResult(Record.Exception(hold.EnsureHeld) is CommandException), "the hold of the journal is lost");
    }

    [Theory]
    [InlineData(SqliteJournal.FileName)]
    [InlineData("history.duckdb")]
    [InlineData(BackupManifest.FileName)]
    public async Task A_damaged_backup_is_refused_and_changes_nothing(string name)
    {
        await FilledAsync();
        (await FootfallCommand.RunAsync(_data, "backup", Target)).HasExitCode(0);
        var path = Path.Combine(Target, name);
        var bytes = await File.ReadAllBytesAsync(path, Stop);
        bytes[name == BackupManifest.FileName ? 0 : bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Stop);
        Assert.Contains("damaged", (await FootfallCommand.RunAsync(Restored, "restore", Target)).HasExitCode(1).Output);
        await File.WriteAllBytesAsync(path, bytes[..^1], Stop);
        Assert.Contains("damaged", (await FootfallCommand.RunAsync(Restored, "restore", Target)).HasExitCode(1).Output);
        File.Delete(path);
        (await FootfallCommand.RunAsync(Restored, "restore", Target)).HasExitCode(1);
        Assert.False(Path.Exists(Restored));
    }

    [Fact]
    public async Task A_manifest_that_names_a_file_elsewhere_is_refused()
    {
        await FilledAsync();
        (await FootfallCommand.RunAsync(_data, "backup", Target)).HasExitCode(0);
        var path = Path.Combine(Target, BackupManifest.FileName);
        await File.WriteAllTextAsync(path,
            (await File.ReadAllTextAsync(path, Stop)).Replace("\"journal.db\"", "\"../../journal.db\"", StringComparison.Ordinal), Stop);
        Assert.Contains("damaged", (await FootfallCommand.RunAsync(Restored, "restore", Target)).HasExitCode(1).Output);
    }

    [Fact]
    public async Task Data_that_is_there_is_not_replaced_unless_it_is_forced_and_then_moved_aside()
    {
        await FilledAsync();
        (await FootfallCommand.RunAsync(_data, "backup", Target)).HasExitCode(0);
        await using (var server = await FootfallProcess.StartAsync(_data))
        {
            await ShopFixture.FillAsync(server.Http, Shop, 7, "later");
            Assert.Contains("in use",
                (await Assert.ThrowsAsync<StartupException>(() => FootfallCommand.RunAsync(_data, "restore", Target, "--force"))).Message);
        }
        var salts = await File.ReadAllBytesAsync(Path.Combine(_data, SqliteSaltStore.FileName), Stop);
        Assert.Contains("--force", (await FootfallCommand.RunAsync(_data, "restore", Target)).HasExitCode(1).Output);
        (await FootfallCommand.RunAsync(_data, "restore", Target, "--force")).HasExitCode(0);
        var aside = Assert.Single(Directory.EnumerateDirectories(_data, "replaced-*"));
        Assert.Equal(salts, await File.ReadAllBytesAsync(Path.Combine(_data, SqliteSaltStore.FileName), Stop));
        Assert.False(File.Exists(Path.Combine(aside, SqliteSaltStore.FileName)));
        await using (var server = await FootfallProcess.StartAsync(_data)) Assert.Equal(301, (await StatsAsync(server)).Values.Sum());
        // What was moved aside is whole.
        await using var before = await FootfallProcess.StartAsync(aside);
        Assert.Equal(308, (await StatsAsync(before)).Values.Sum());
    }

    [Fact]
    public async Task A_restore_that_was_killed_while_it_put_the_files_in_place_is_finished_at_the_next_start()
    {
        await FilledAsync();
        (await FootfallCommand.RunAsync(_data, "backup", Target)).HasExitCode(0);
        await using (var server = await FootfallProcess.StartAsync(_data)) await ShopFixture.FillAsync(server.Http, Shop, 7, "later");
        var folder = RestoreStaging.CreateFolder(_data);
        foreach (var file in BackupManifest.Read(Target).Files) File.Copy(Path.Combine(Target, file.Name), Path.Combine(folder, file.Name));
        // Until the restore is marked complete, the old data is used.
        await using (var server = await FootfallProcess.StartAsync(_data)) Assert.Equal(308, (await StatsAsync(server)).Values.Sum());
        RestoreStaging.MarkComplete(_data, "replaced");
        // As killed after the first file.
        Directory.CreateDirectory(Path.Combine(_data, "replaced"));
        File.Move(Path.Combine(_data, SqliteJournal.FileName), Path.Combine(_data, "replaced", SqliteJournal.FileName));
        await using (var server = await FootfallProcess.StartAsync(_data)) Assert.Equal(301, (await StatsAsync(server)).Values.Sum());
        Assert.False(Directory.Exists(folder));
        Assert.Contains("history.duckdb", Directory.EnumerateFiles(Path.Combine(_data, "replaced")).Select(Path.GetFileName));
    }

    private async Task FilledAsync(int visits = 300)
    {
        await using var server = await FootfallProcess.StartAsync(_data);
        await ShopFixture.FillAsync(server.Http, Shop, visits);
        await ShopFixture.WaitForHistoryAsync(server.Http);
        await server.SignalAsync("TERM");
        await server.WaitForExitAsync();
    }

    private static async Task<Dictionary<string, long>> StatsAsync(FootfallProcess server) =>
        (await server.Http.GetFromJsonAsync<Dictionary<string, long>>($"/api/v1/stats?site={Shop}", Stop))!;
}
