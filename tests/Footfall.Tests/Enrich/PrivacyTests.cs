using System.Text;
using Footfall.Journal;
using Footfall.Tests.Hosting;
using Footfall.Tests.Ingest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Footfall.Tests.Enrich;

/// <summary>The address and the User-Agent of a visitor are in no file and no log.</summary>
public sealed class PrivacyTests
{
    /// <summary>Traces to look for on disk: the texts, and the bytes of the addresses.</summary>
    private static readonly (string Address, byte[] Bytes)[] Addresses =
    [
        ("203.0.113.197", [203, 0, 113, 197]),
        ("2001:db8:5eed:c0de:bad:cafe:f00d:7e57",
            [0x20, 0x01, 0x0d, 0xb8, 0x5e, 0xed, 0xc0, 0xde, 0x0b, 0xad, 0xca, 0xfe, 0xf0, 0x0d, 0x7e, 0x57]),
    ];

    private static readonly string[] Agents =
    [
        "Mozilla/5.0 (X11; Linux x86_64; rv:132.0; quetzalcoatl-7c31) Gecko/20100101 Firefox/132.0",
        "quetzalcoatl-7c31/7 CFNetwork/1568.200.51 Darwin/24.1.0",
        "quetzalcoatl-7c31bot/1.0 (compatible; quetzalcoatl-7c31 spider; +https://quetzalcoatl-7c31.example)",
        "quetzalcoatl-7c31",
    ];

    [Fact]
    public async Task Neither_address_nor_User_Agent_is_in_any_file_or_log()
    {
        using var log = new MemoryLoggerProvider();
        using var data = new TemporaryDirectory();
        await using (var app =
            FootfallApp.Start(services => services.AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace)),
            ("DataDirectory", data), ("TrustedProxies", "127.0.0.1"), ("AcceptCountry", "false")))
        {
            foreach (var (address, _) in Addresses)
            {
                foreach (var agent in Agents)
                {
                    const string body =
                        """[{"url":"https://shop.example/kept-page","props":{"a":"b"}},{"name":"visit"},{"url":"nonsense"},""" +
                        """{"name":"purchase","transaction_id":"T"}]""";
                    (string, string)[] headers = [("User-Agent", agent), ("X-Forwarded-For", address), ("Accept-Language", "de-AT")];
                    Assert.Equal(HttpStatusCode.Accepted, (
                        await app.PostAsync("/api/v1/events", new StringContent(body, Encoding.UTF8, "application/json"), headers)).Status);
                    Assert.Equal(HttpStatusCode.Created, (await app.PostAsync("/api/v1/stats?countryCode=us", null, headers)).Status);
                    Assert.Equal(HttpStatusCode.NotFound, (await app.PostAsync("/nothing", null, headers)).Status);
                }
            }
            // While it runs, and when it has stopped: what is written then may lie elsewhere.
            AssertNowhere(data);
        }
        await Eventually.BecomesAsync(
            () =>
            {
                using var free = DataDirectoryLock.TryAcquire(data);
                return Task.FromResult(free is not null);
            },
            "the data directory is free");
        AssertNowhere(data);
        Assert.Contains(Files(data), file => file.Bytes.AsSpan().IndexOf("kept-page"u8) >= 0);
        Assert.NotEmpty(log.Lines);
        Assert.DoesNotContain(log.Lines, line =>
            Addresses.Any(address => line.Text.Contains(address.Address, StringComparison.OrdinalIgnoreCase)));
        Assert.DoesNotContain(log.Lines, line => line.Text.Contains("quetzalcoatl", StringComparison.OrdinalIgnoreCase));
    }

    private static void AssertNowhere(string data)
    {
        foreach (var (name, bytes) in Files(data))
        {
            Assert.True(bytes.AsSpan().IndexOf("quetzalcoatl"u8) < 0, $"The User-Agent is in {name}.");
            foreach (var (address, binary) in Addresses)
            {
                Assert.True(bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(address)) < 0, $"{address} is in {name}.");
                // Four bytes are in a random salt or hash by chance, once in thousands of runs; stored addresses would be there with
                // each hit.
                Assert.True(bytes.AsSpan().Count(binary) < (binary.Length == 4 ? 2 : 1), $"The bytes of {address} are in {name}.");
            }
        }
    }

    /// <summary>
    /// All files that have content: the admin socket has none, and neither has the lock, which no other process may open.
    /// </summary>
    private static List<(string Name, byte[] Bytes)> Files(string data) =>
        [.. Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is not (".sock" or ".lock")).Select(file => (file, Read(file)))];

    /// <summary>Reads a file that the program holds open; a rollback journal may just have been deleted.</summary>
    private static byte[] Read(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        }
        catch (FileNotFoundException)
        {
            return [];
        }
    }
}
