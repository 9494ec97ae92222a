using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Footfall.Tests.Deploy;

/// <summary>
/// The real Nginx with the very files of <c>deploy/</c>: only the listen addresses and the nodes are the test's own.
/// </summary>
internal sealed class Nginx : IAsyncDisposable
{
    /// <summary>A program that needs longer than this to stop hangs; it is not a measure of speed.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>Where Debian puts it, which is not in the path of every user.</summary>
    private static readonly string Program = File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx";

    private readonly TemporaryDirectory _directory = new();
    private readonly List<string> _output = [];
    private Process? _process;

    private Nginx(bool tls)
    {
        var (address, scheme) = (Loopback.Next(), tls ? "https" : "http");
        (DashboardAddress, ApiAddress) = (new Uri($"{scheme}://{address}:3001"), new Uri($"{scheme}://{address}:3030"));
        // Its workers are of another user where the tests run as root.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_directory, (UnixFileMode)0b111_101_101);
        var deploy = Path.Combine(Repository.Root, "deploy");
        Directory.CreateDirectory(Path.Combine(Configuration, "nginx", "tls"));
        foreach (var file in (string[])["nginx.conf", .. Directory.GetFiles(Path.Combine(deploy, "nginx"), "*.conf")
            .Select(path => Path.Combine("nginx", Path.GetFileName(path)))])
            File.Copy(Path.Combine(deploy, file), Path.Combine(Configuration, file));
        var more = tls ? " ssl http2;\ninclude nginx/tls.conf;\n" : ";\n";
        File.WriteAllText(Path.Combine(Configuration, "nginx", "listen-people.conf"), $"listen {DashboardAddress.Authority}{more}");
        File.WriteAllText(Path.Combine(Configuration, "nginx", "listen-api.conf"), $"listen {ApiAddress.Authority}{more}");
        if (tls) MakeCertificate(Path.Combine(Configuration, "nginx", "tls"), address);
        Http = ClientFrom("127.0.0.1");
    }

    /// <summary>The server for people.</summary>
    public Uri DashboardAddress { get; }

    /// <summary>The server for shops and programs.</summary>
    public Uri ApiAddress { get; }

    /// <summary>A client of the server for people.</summary>
    public HttpClient Http { get; }

    /// <summary>What it has printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output) return string.Join('\n', _output);
        }
    }

    private string Configuration => Path.Combine(_directory, "conf");

    public static Task<Nginx> StartAsync(params Uri[] nodes) => StartAsync(false, nodes);

    /// <param name="tls">With a certificate of its own, and HTTP/2.</param>
    public static async Task<Nginx> StartAsync(bool tls, params Uri[] nodes)
    {
        var nginx = new Nginx(tls);
        try
        {
            nginx.SetNodes(nodes);
            nginx.Start();
            await nginx.WaitUntilListeningAsync();
            return nginx;
        }
        catch
        {
            await nginx.DisposeAsync();
            throw;
        }
    }

    /// <summary>The output of <c>nginx -t</c> for the files in <c>deploy/</c>, with other listen addresses.</summary>
    public static async Task<(int ExitCode, string Output)> CheckAsync(bool tls)
    {
        await using var nginx = new Nginx(tls);
        nginx.Start("-t");
        await nginx._process!.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (nginx._process.ExitCode, nginx.Output);
    }

    /// <summary>A client at another address: any of 127.0.0.0/8 is one of this machine.</summary>
    /// <param name="server">The server for people, if null.</param>
    public HttpClient ClientFrom(string address, Uri? server = null) => new(new SocketsHttpHandler
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        SslOptions = { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=Footfall test" },
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = server ?? DashboardAddress,
    };

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_process is { HasExited: false })
        {
            // Not killed: its workers would stay.
            using var kill = Process.Start("bash", ["-c", $"kill -TERM {_process.Id}"]);
            await _process.WaitForExitAsync().WaitAsync(Timeout, TimeProvider.System);
        }
        _process?.Dispose();
        _directory.Dispose();
    }

    /// <summary>As in <c>deploy/nginx/upstreams.conf</c>, with nodes of the test.</summary>
    private void SetNodes(Uri[] nodes)
    {
        var file = Path.Combine(Configuration, "nginx", "upstreams.conf");
        var lines = File.ReadAllLines(file).SelectMany(line =>
            line.Contains("server 127.0.0.1:3031", StringComparison.Ordinal)
                ? nodes.Select(node => line.Replace("127.0.0.1:3031", node.Authority, StringComparison.Ordinal))
            : line.Contains("server 127.0.0.1:3032", StringComparison.Ordinal) ? [] : [line]);
        File.WriteAllLines(file, lines.ToList());
    }

    private void Start(params string[] more)
    {
        var start = new ProcessStartInfo(Program, ["-e", "stderr", "-p", $"{_directory.Path}/", "-c",
            Path.Combine(Configuration, "nginx.conf"), .. more])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => AddOutput(line.Data);
        _process.ErrorDataReceived += (_, line) => AddOutput(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private Task WaitUntilListeningAsync() => Eventually.BecomesAsync(
        async () =>
        {
            Assert.False(_process!.HasExited, Output);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Parse(ApiAddress.Host), ApiAddress.Port, TestContext.Current.CancellationToken);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        },
        "Nginx listens");

    private void AddOutput(string? line)
    {
        if (line is null) return;
        lock (_output) _output.Add(line);
    }

    private static void MakeCertificate(string directory, string address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Footfall test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(Path.Combine(directory, "fullchain.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(directory, "privkey.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}
