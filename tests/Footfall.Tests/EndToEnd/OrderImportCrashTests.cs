using System.Diagnostics;
using Footfall.Journal.Sqlite;

namespace Footfall.Tests.EndToEnd;

/// <summary>An order import that is killed and restarted.</summary>
public sealed class OrderImportCrashTests : IDisposable
{
    private const int Orders = 12_000;

    private readonly TemporaryDirectory _data = new(), _files = new();

    public void Dispose()
    {
        _data.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task Orders_count_once_however_often_their_import_is_killed()
    {
        var file = Path.Combine(_files, "orders.csv");
        await File.WriteAllLinesAsync(
            file, ["order,item,price,quantity,time,country", .. Enumerable.Range(0, Orders)
                .SelectMany(i => (string[])[$"{i},A,1.5,2,2024-01-01 10:00,DE", $"{i},B,1,1,2024-01-01 10:00,DE"])],
            TestContext.Current.CancellationToken);
        var before = -1L;
        for (var killed = 0; killed < 4; killed++)
        {
            using var import = Import(file);
            // Somewhere behind the next commits.
            await Eventually.BecomesAsync(() =>
                Task.FromResult(import.HasExited || Imported() > before + 500 * killed), "some orders are imported");
            import.Kill();
            await import.WaitForExitAsync(TestContext.Current.CancellationToken);
            before = Imported();
        }
        using (var last = Import(file))
        {
            var output = await last.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await last.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(last.ExitCode == 0, output);
        }
        Assert.Equal(Orders, Imported());
        await using var app = FootfallApp.Start(null, _data);
        Assert.Equal(Orders, (await app.StatsAsync()).Values.Sum());
    }

    private Process Import(string file)
    {
        var start = new ProcessStartInfo("dotnet", [FootfallProcess.Program, "import", "orders", file, "-d", _data,
            "--Footfall:QueueLimit=500"])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        var import = Process.Start(start)!;
        import.BeginErrorReadLine();
        return import;
    }

    private long Imported()
    {
        var journal = Path.Combine(_data, SqliteJournal.FileName);
        try
        {
            return File.Exists(journal)
                ? SqliteStore.QueryReadOnly(journal, "SELECT count(*) FROM imported").Select(row => row.GetInt64(0)).Single() : 0;
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // It is being made.
            return 0;
        }
    }
}
