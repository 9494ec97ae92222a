using System.Net.Sockets;

namespace Footfall.Tests.Hosting;

public sealed class ProgramRunnerTests
{
    [Fact]
    public async Task One_line_shows_where_it_listens_and_where_the_data_is()
    {
        using var data = new TemporaryDirectory();
        await using var program = await FootfallProcess.StartAsync(data);
        await Eventually.BecomesAsync(() =>
            Task.FromResult(program.Output.Contains("listens on", StringComparison.Ordinal)), "the line of the start");
        var line = Assert.Single(program.Output.Split('\n'), line => line.Contains("Footfall[701]", StringComparison.Ordinal));
        Assert.Contains(program.Address.ToString().TrimEnd('/'), line, StringComparison.Ordinal);
        Assert.Contains(data, line, StringComparison.Ordinal);
        Assert.Contains("Fsync", line, StringComparison.Ordinal);
        Assert.Matches(@"Countries: (.+ of \d{4}-\d\d-\d\d|no database, every address is ZZ)\.$", line);
    }

    [Fact]
    public async Task The_log_may_be_JSON()
    {
        using var data = new TemporaryDirectory();
        await using var program = await FootfallProcess.StartAsync(data, null, ("Logging__Console__FormatterName", "json"));
        await Eventually.BecomesAsync(() =>
            Task.FromResult(program.Output.Contains("listens on", StringComparison.Ordinal)), "the line of the start");
        var line = program.Output.Split('\n').First(line => line.Contains("listens on", StringComparison.Ordinal));
        Assert.Equal(701, System.Text.Json.Nodes.JsonNode.Parse(line)!["EventId"]!.GetValue<int>());
    }

    [Fact]
    public async Task SIGTERM_ends_it_with_0_even_while_a_client_dawdles()
    {
        using var data = new TemporaryDirectory();
        await using var program = await FootfallProcess.StartAsync(data, null, ("Footfall__ShutdownSeconds", "1"));
        using var client = await RawRequest.ConnectAsync(program.Address);
        await client.SendAsync("POST /api/v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{"u8.ToArray(),
            TestContext.Current.CancellationToken);
        await program.SignalAsync("TERM");
        await program.WaitForExitAsync();
        Assert.Equal(0, program.ExitCode);
        Assert.False(program.Output.Contains("   at ", StringComparison.Ordinal), program.Output);
    }

    [Fact]
    public async Task A_wrong_setting_ends_it_with_1_and_a_sentence_that_names_it()
    {
        await EndsWithAsync("footfall: Footfall__RateLimit__PerMinute is \"lots\", but must be a whole number from 0 to 1,000,000.",
            ("Footfall__RateLimit__PerMinute", "lots"));
        await EndsWithAsync("footfall: Footfall__DataDir is not a setting.", ("Footfall__DataDir", "x"));
    }

    [Fact]
    public async Task A_port_in_use_ends_it_with_a_sentence()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        var port = ((IPEndPoint)other.LocalEndPoint!).Port;
        await EndsWithAsync($"footfall: Failed to bind to address http://127.0.0.1:{port}: address already in use. Stop the other "
            + $"program, or set another address in ASPNETCORE_URLS.", ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("ftp://localhost:21")]
    [InlineData("https://localhost:0")]
    public async Task A_wrong_address_ends_it_with_a_sentence(string address) =>
        await EndsWithAsync("footfall: The address to listen on, or its certificate, is wrong: ", ("ASPNETCORE_URLS", address));

    [Fact]
    public async Task A_data_directory_that_can_not_be_made_ends_it_with_a_sentence() =>
        await EndsWithAsync("footfall: The data directory /dev/null/data can't be written: ",
            ("Footfall__DataDirectory", "/dev/null/data"));

    private static async Task EndsWithAsync(string sentence, params (string Name, string Value)[] settings)
    {
        using var data = new TemporaryDirectory();
        await using var program = FootfallProcess.Launch(data, null, settings);
        await program.WaitForExitAsync();
        Assert.Equal(1, program.ExitCode);
        await Eventually.BecomesAsync(() => Task.FromResult(program.Output.Length > 0), "the sentence");
        Assert.Contains(program.Output.Split('\n'), line => line.StartsWith(sentence, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("xception", program.Output, StringComparison.Ordinal);
    }
}
