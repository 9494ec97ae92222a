using System.Net.Sockets;
using System.Text;
using Footfall.Common;
using Footfall.Import;
using Footfall.Import.AccessLog;
using Footfall.Tests.Import.AccessLog;
using static Footfall.Tests.Import.AccessLog.AccessLogBuilder;

namespace Footfall.Tests.Import;

public sealed class ImportEndpointTests
{
    [Fact]
    public async Task A_running_server_takes_imports_through_its_socket()
    {
        await using var app = FootfallApp.Start();
        using var client = new ImportClient(AdminSocket.Find(app.Data)!);
        var log = Encoding.UTF8.GetBytes(Line(0) + Line(1) + "broken\n");
        var first = await client.ImportAsync(log, "shop.example");
        Assert.Equal((ImportStatus.Complete, 3, 2, 1, 1), (first.Status, first.Lines, first.Pages, first.Visits, first.Malformed));
        Assert.Equal(3, Assert.Single(first.FirstMalformed).Line);
        Assert.Equal(3, (await client.ImportAsync(log, "shop.example")).KnownLines);
        Assert.Equal(1, (await app.StatsAsync("shop.example")).Values.Sum());
    }

    [Fact]
    public async Task Only_the_user_of_the_server_may_open_the_socket_and_it_goes_with_the_server()
    {
        using var data = new TemporaryDirectory();
        string path;
        await using (FootfallApp.Start(null, data))
        {
            path = AdminSocket.Find(data)!;
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
        Assert.False(File.Exists(path));
        Assert.Null(AdminSocket.Find(data));
    }

    [Fact]
    public async Task There_is_no_import_on_the_network()
    {
        await using var app = FootfallApp.Start();
        using var answer =
            await app.Http.PostAsync(ImportClient.AccessLogPath, new StringContent(Line(0)), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Empty(await app.StatsAsync());
    }

    [Fact]
    public async Task A_data_directory_with_a_long_path_has_its_socket_elsewhere()
    {
        using var root = new TemporaryDirectory();
        var data = Path.Combine(root, new string('d', 120));
        await using (FootfallApp.Start(null, data))
        {
            var path = AdminSocket.Find(data)!;
            Assert.False(path.StartsWith(data, StringComparison.Ordinal));
            using var client = new ImportClient(path);
            Assert.Equal(1, (await client.ImportAsync(Encoding.UTF8.GetBytes(Line(0)))).Pages);
        }
        Assert.Null(AdminSocket.Find(data));
    }

    [Fact]
    public async Task What_a_killed_server_left_behind_is_replaced()
    {
        using var data = new TemporaryDirectory();
        using (var stale = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            stale.Bind(new UnixDomainSocketEndPoint(Path.Combine(data, "footfall.sock")));
            await using (FootfallApp.Start(null, data))
            {
                using var client = new ImportClient(AdminSocket.Find(data)!);
                Assert.Equal(1, (await client.ImportAsync(Encoding.UTF8.GetBytes(Line(0)))).Pages);
            }
        }
    }

    [Fact]
    public async Task A_client_that_goes_away_leaves_what_is_durable_and_can_go_on()
    {
        await using var app = FootfallApp.Start(("QueueLimit", "10"));
        using var client = new ImportClient(AdminSocket.Find(app.Data)!);
        var log = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5_000).Select(i => Line(i * 0.1, $"198.51.100.{i % 7}"))));
        var state = await client.GetStateAsync("", TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<ImportException>(() => client.ImportAsync(new BreakingStream(log),
            new AccessLogRequest("", 0, state.Token, false), null, TestContext.Current.CancellationToken));
        var rest = await client.ImportAsync(log);
        Assert.Equal(5_000, rest.KnownLines + rest.Lines);
        Assert.Equal(7, (await app.StatsAsync()).Values.Sum());
    }

    [Fact]
    public async Task A_site_that_is_no_domain_is_refused_with_a_sentence()
    {
        await using var app = FootfallApp.Start();
        using var client = new ImportClient(AdminSocket.Find(app.Data)!);
        var error = await Assert.ThrowsAsync<ImportException>(() => client.GetStateAsync("no site", TestContext.Current.CancellationToken));
        Assert.Contains("domain", error.Message);
    }

    /// <summary>A file on a disk that fails in the middle.</summary>
    private sealed class BreakingStream(byte[] content) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position > Length / 2 ? throw new IOException("Input/output error")
                : base.ReadAsync(buffer[..Math.Min(10_000, buffer.Length)], cancellationToken);
    }
}
