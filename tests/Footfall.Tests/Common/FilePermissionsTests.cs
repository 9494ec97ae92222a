using System.Diagnostics;
using Footfall.Tests.History;

namespace Footfall.Tests.Common;

/// <summary>Only the user of the program may read its files.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class FilePermissionsTests
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_files_and_directories_are_of_the_program_alone_also_those_of_before()
    {
        using var place = new TemporaryDirectory();
        var (data, backup) = (Path.Combine(place, "data"), Path.Combine(place, "backup"));
        await RunAsync(data);
        var all = Entries(data);
        Assert.Contains(all, path => path.EndsWith("journal.db-wal", StringComparison.Ordinal));
        Assert.Contains(all, path => path.EndsWith("history.duckdb", StringComparison.Ordinal));
        AssertPrivate(all);

        foreach (var path in all) Chmod(path, Directory.Exists(path) ? "755" : "644");
        await RunAsync(data);
        AssertPrivate(Entries(data));

        (await FootfallCommand.RunProcessAsync("umask 022; exec \"$@\"", data, ["backup", backup])).HasExitCode(0);
        AssertPrivate(Entries(backup));
    }

    [Fact]
    public async Task A_directory_that_can_only_be_read_is_not_said_to_be_in_use()
    {
        using var place = new TemporaryDirectory();
        using var mount = Process.Start("mount", ["-t", "tmpfs", "-o", "size=64k", "none", place]);
        await mount.WaitForExitAsync(Stop);
        Assert.SkipUnless(mount.ExitCode == 0, "Nothing can be mounted here.");
        try
        {
            File.WriteAllText(Path.Combine(place, "footfall.lock"), "");
            using (var remount = Process.Start("mount", ["-o", "remount,ro", place])) await remount.WaitForExitAsync(Stop);
            await using var server = FootfallProcess.Launch(place);
            await server.WaitForExitAsync();
            Assert.Equal(1, server.ExitCode);
            Assert.Contains("can't be written: Read-only file system", server.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("in use", server.Output, StringComparison.Ordinal);
        }
        finally
        {
            using var unmount = Process.Start("umount", [place]);
            await unmount.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task RunAsync(string data)
    {
        await using var server = await FootfallProcess.StartAsync(data, "umask 022; exec \"$@\"");
        using var visit = await server.Http.PostAsync("/api/v1/events", JsonContent.Create(new { name = "page_view", url = "/" }), Stop);
        Assert.Equal(HttpStatusCode.Accepted, visit.StatusCode);
        await server.Http.CaughtUpAsync();
        await server.KillAsync();
    }

    private static List<string> Entries(string directory) =>
        [directory, .. Directory.EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories)];

    private static void AssertPrivate(IEnumerable<string> paths) =>
        Assert.All(paths, path => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & Others));

    private static void Chmod(string path, string mode)
    {
        using var chmod = Process.Start("chmod", [mode, path]);
        chmod.WaitForExit();
    }
}
