using Footfall.Commands;
using Footfall.Hosting;
using Footfall.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Footfall.Tests.Commands;

public sealed class CommandLineAppTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(false, "serve")]
    [InlineData(false, "--urls=http://localhost:8080")]
    [InlineData(false, "--urls", "http://localhost:8080", "--Footfall:Durability=Os")]
    [InlineData(false, "serve", "--Footfall:RateLimit:PerMinute", "0")]
    [InlineData(false, "--environment=Development", "--contentRoot=/x", "--applicationName=Footfall")]
    [InlineData(true, "--help")]
    [InlineData(true, "--urls=http://localhost:8080", "--help")]
    [InlineData(true, "--Footfall:Durability=Os", "import", "access-log", "x")]
    [InlineData(true, "start")]
    [InlineData(true, "--halp")]
    [InlineData(true, "--urls")]
    public void Settings_alone_start_the_server(bool command, params string[] args) =>
        Assert.Equal(command, CommandLineApp.IsCommand(args));

    [Fact]
    public async Task Help_names_every_setting_and_command()
    {
        var help = await RunAsync(0, "--help");
        Assert.All(Setting.All, setting => Assert.Contains(setting.Name, help.Output));
        Assert.Contains("footfall import access-log FILE", help.Output);
        Assert.Equal(help, await RunAsync(0, "help"));
        Assert.Equal(help, await RunAsync(0, "-h"));
        var import = await RunAsync(0, "import", "access-log", "--help");
        foreach (var option in new[] { "--site", "--data-directory", "--include-assets", "--force" })
            Assert.Contains(option, import.Output);
        Assert.Contains("access-log", (await RunAsync(0, "import", "--help")).Output);
    }

    [Theory]
    [InlineData(null, "http://localhost:3030/healthz")]
    [InlineData("http://+:8080;https://+:8443", "http://localhost:8080/healthz")]
    [InlineData("http://0.0.0.0:3030/", "http://localhost:3030/healthz")]
    [InlineData("http://[::]:3030", "http://localhost:3030/healthz")]
    [InlineData("http://10.0.0.7:3030", "http://10.0.0.7:3030/healthz")]
    public void A_health_check_calls_where_the_server_listens(string? urls, string address) =>
        Assert.Equal(address, HealthCheckCommand.GetHealthUrl(urls));

    [Fact]
    public async Task A_health_check_ends_with_0_where_hits_are_taken_and_with_1_elsewhere()
    {
        await using var app = FootfallApp.Start();
        Assert.Contains("\"status\":\"ready\"", (await RunAsync(0, "healthcheck", $"--urls={app.Address}")).Output);
        await using var full =
            FootfallApp.Start(services => services.AddSingleton(FaultyJournal.Journal(member => member == "get_IsReady" ? false : null)));
        Assert.Contains("NOT_READY", (await RunAsync(1, "healthcheck", $"--urls={full.Address}")).Output);
        Assert.Contains("does not respond", (await RunAsync(1, "healthcheck", "--urls=http://127.0.0.1:1")).Errors);
    }

    [Fact]
    public async Task Version_is_that_of_the_project()
    {
        Assert.Equal($"footfall {BuildInfo.Version}", (await RunAsync(0, "--version")).Output.Trim());
        Assert.Equal($"footfall {BuildInfo.Version}", (await RunAsync(0, "version")).Output.Trim());
    }

    [Theory]
    [InlineData("fly", "fly")]
    [InlineData("--halp", "--halp")]
    [InlineData("import", "access-log FILE")]
    [InlineData("import parcels", "parcels")]
    [InlineData("import access-log", "access-log")]
    [InlineData("import access-log x --halp", "--halp")]
    [InlineData("import access-log -", "files")]
    [InlineData("serve now", "now")]
    public async Task What_is_no_command_is_refused_with_a_sentence(string line, string part)
    {
        var result = await RunAsync(1, line.Split(' '));
        Assert.Empty(result.Output);
        Assert.StartsWith("footfall: ", result.Errors);
        Assert.Contains(part, result.Errors);
        Assert.DoesNotContain("   at ", result.Errors);
    }

    private static async Task<(string Output, string Errors)> RunAsync(int exitCode, params string[] args)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        Assert.Equal(exitCode, await CommandLineApp.RunAsync(args, output, errors));
        return (output.ToString(), errors.ToString());
    }
}
