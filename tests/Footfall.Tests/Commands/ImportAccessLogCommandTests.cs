using Footfall.Commands;
using Footfall.Common;
using static Footfall.Tests.Import.AccessLog.AccessLogBuilder;

namespace Footfall.Tests.Commands;

public sealed class ImportAccessLogCommandTests : IDisposable
{
    private readonly TemporaryDirectory _data = new(), _files = new();

    public void Dispose()
    {
        _data.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task A_log_is_imported_without_a_server_and_shown_by_one_later()
    {
        var log = Write("access.log", Line(0) + Line(40) + "broken\n");
        var first = await ImportAsync(0, log);
        Assert.Contains("3 lines", first);
        Assert.Contains("2 visits", first);
        Assert.Contains("line 3 has no time", first);
        Assert.Contains("nothing changed", await ImportAsync(0, log));
        await using var app = FootfallApp.Start(null, _data);
        Assert.Equal(2, (await app.StatsAsync()).Values.Sum());
    }

    [Fact]
    public async Task A_running_server_on_the_same_data_takes_the_import()
    {
        await using var app = FootfallApp.Start(null, _data);
        Assert.Contains("1 visit", await ImportAsync(0, Write("a", Line(0)), "--site", "shop.example"));
        Assert.Equal(1, (await app.StatsAsync("shop.example")).Values.Sum());
    }

    [Fact]
    public async Task Files_are_imported_in_the_order_of_their_times_and_visits_go_on_from_one_to_the_next()
    {
        var newer = Write("access.log", Line(20) + Line(40));
        var older = Write("access.log.1", Line(-10) + Line(0));
        var output = await ImportAsync(0, newer, older);
        Assert.True(output.IndexOf("access.log.1", StringComparison.Ordinal) < output.IndexOf("access.log: ", StringComparison.Ordinal));
        await using var app = FootfallApp.Start(null, _data);
        Assert.Equal(1, (await app.StatsAsync()).Values.Sum());
    }

    [Fact]
    public async Task A_file_that_is_no_log_is_refused_and_the_others_are_imported()
    {
        var output = await ImportAsync(1, Write("a.json", "{}\n[]\n"), Write("a.log", Line(0)), Path.Combine(_files, "none"));
        Assert.Contains("none of its 2 lines", output);
        Assert.Contains("1 visit", output);
        Assert.Contains("does not exist", output);
    }

    [Fact]
    public async Task A_part_of_a_log_that_was_imported_is_refused_unless_it_is_wanted()
    {
        await ImportAsync(0, Write("whole", Line(0) + Line(1) + Line(2)));
        var part = Write("part", Line(0) + Line(1));
        Assert.Contains("--force", await ImportAsync(1, part));
        Assert.Contains("2 page views", await ImportAsync(0, part, "--force"));
    }

    [Fact]
    public async Task A_wrong_setting_is_named()
    {
        var error = await Assert.ThrowsAsync<StartupException>(() => ImportAsync(1, Write("a", Line(0)), "--Footfall:Durability=Perhaps"));
        Assert.Contains("--Footfall:Durability", error.Message);
    }

    private string Write(string name, string log)
    {
        var path = Path.Combine(_files, name);
        File.WriteAllText(path, log);
        return path;
    }

    private async Task<string> ImportAsync(int exitCode, params string[] args)
    {
        var output = new StringWriter();
        Assert.Equal(exitCode, await CommandLineApp.RunAsync(["import", "access-log", .. args, "-d", _data], output, output));
        return output.ToString();
    }
}
