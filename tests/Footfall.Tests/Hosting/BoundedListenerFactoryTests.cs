using System.Net.Sockets;
using Footfall.Hosting;

namespace Footfall.Tests.Hosting;

/// <summary>More connections than the process may have files.</summary>
public sealed class BoundedListenerFactoryTests
{
    [Theory]
    [InlineData(1_200, 944)]
    [InlineData(300, 150)]
    [InlineData(20_000, 19_744)]
    [InlineData(1_000_000, 20_000)]
    public void Connections_stay_below_the_limit_of_files(long descriptors, int connections) =>
        Assert.Equal(connections, KestrelLimits.GetConnectionLimit(descriptors));

    [Fact]
    public async Task More_connections_than_files_are_closed_and_the_server_goes_on()
    {
        using var data = new TemporaryDirectory();
        await using var server = await FootfallProcess.StartAsync(data.Path, "ulimit -n 600; exec \"$@\"");
        var clients = new List<RawSocketClient>();
        try
        {
            for (var i = 0; i < 2_000; i++)
            {
                try
                {
                    clients.Add(await RawSocketClient.ConnectAsync(server.Address));
                }
                catch (SocketException)
                {
                    // Closed while it was made.
                }
            }
        }
        finally
        {
            foreach (var client in clients) client.Abort();
        }
        await Eventually.BecomesAsync(async () => await AnswersAsync(server), "it answers again");
        Assert.False(server.HasExited);
        Assert.Contains("at most 344 connections", server.Output, StringComparison.Ordinal);
        Assert.Contains("344 connections are open", server.Output, StringComparison.Ordinal);
    }

    private static async Task<bool> AnswersAsync(FootfallProcess server)
    {
        try
        {
            return (await server.StatsAsync()).Count == 0;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
