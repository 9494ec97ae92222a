using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.RegularExpressions;
using Footfall.Words;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// The setting <c>Footfall__Redis__Connection</c>: how it is read, and what is said where nobody can be reached by it. Only what looks like a server is ever printed of it: all else may be a password.
/// </summary>
internal static partial class RedisConnection
{
    /// <summary>An answer that takes longer is asked for again; the batch then has the same number, and counts once.</summary>
    private const int LongestAnswer = 2_000;

    /// <summary>In seconds.</summary>
    private const int RoleCheck = 2;

    private const string Form = "write host:port, and options behind commas, such as redis-1:6379,user=footfall,password=secret,ssl=true.";

    /// <summary>Options of a connection that no operator sets, since the journal depends on them.</summary>
    private static readonly string[] Own = ["abortConnect", "allowAdmin", "asyncTimeout", "syncTimeout", "configCheckSeconds"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <exception cref="StartException">It can't be read.</exception>
    public static ConfigurationOptions Read(RedisOptions settings)
    {
        if (Pieces(settings).Any(static piece => piece.Contains("://", StringComparison.Ordinal) || (piece.Contains('@') && !piece.Contains('='))))
            throw new StartException($"Footfall__Redis__Connection is no URL: {Form}");
        try
        {
            var configuration = ConfigurationOptions.Parse(settings.Connection);
            configuration.ClientName ??= "footfall";
            configuration.AbortOnConnectFail = true;
            // For INFO at the start: https://stackexchange.github.io/StackExchange.Redis/Configuration, "Admin".
            configuration.AllowAdmin = true;
            configuration.AsyncTimeout = LongestAnswer;
            configuration.SyncTimeout = Math.Max(LongestAnswer, settings.TimeoutSeconds * 1_000);
            // What can't be sent now is told at once: the journal itself tries again, and knows for how long.
            configuration.BacklogPolicy = BacklogPolicy.FailFast;
            configuration.ReconnectRetryPolicy = new LinearRetry(250);
            configuration.HeartbeatInterval = TimeSpan.FromMilliseconds(250);
            // How soon it is noticed that another server is the primary now, where none of them says so by itself; a minute unless set.
            configuration.ConfigCheckSeconds = RoleCheck;
            // Keys are hashes of what shops sent, and values too: none of it belongs into a log.
            configuration.IncludeDetailInExceptions = false;
            return configuration;
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            var option = (error as ArgumentException)?.ParamName;
            var where = option is not null && Name().IsMatch(option) && settings.Connection.Contains($"{option}=", StringComparison.OrdinalIgnoreCase) ? $" at the option {option}" : "";
            throw new StartException($"Footfall__Redis__Connection can't be read{where}: {Form}", error);
        }
    }

    /// <summary>The options that are set and not listened to.</summary>
    public static IEnumerable<string> PassedOver(RedisOptions settings) => Own.Where(option => settings.Connection.Contains($"{option}=", StringComparison.OrdinalIgnoreCase));

    /// <summary>The servers that it names, for a sentence.</summary>
    public static string Servers(RedisOptions settings) =>
        Pieces(settings).Where(static piece => Server().IsMatch(piece)).ToList() is { Count: > 0 } servers ? $"Redis at {string.Join(", ", servers)}" : "The Redis of Footfall__Redis__Connection";

    /// <summary>Why there is no connection. The library says that in words of its own, or not at all: so each server is asked by hand.</summary>
    public static StartException NotReached(RedisOptions settings, ConfigurationOptions configuration, Exception error)
    {
        var tls = Cause<AuthenticationException>(error) ?? (configuration.Ssl ? Cause<IOException>(error) : (Exception?)null);
        var reason = tls is null
            ? Ask(configuration)
            : $"TLS fails ({tls.Message.ReplaceLineEndings(" ").TrimEnd('.')}). Does this port speak TLS, as ssl=true in Footfall__Redis__Connection says, and does this machine trust the certificate of Redis?";
        return new StartException($"{Servers(settings)} can't be used: {reason}", error);
    }

    [GeneratedRegex(@"^([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}$")]
    private static partial Regex Server();

    [GeneratedRegex("^[A-Za-z]{1,30}$")]
    private static partial Regex Name();

    private static string[] Pieces(RedisOptions settings) => settings.Connection.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static T? Cause<T>(Exception? error)
        where T : Exception => error is null ? null : error as T ?? Cause<T>(error.InnerException);

    private static string Ask(ConfigurationOptions configuration)
    {
        var reached = false;
        foreach (var server in configuration.EndPoints)
        {
            try
            {
                using var stop = new CancellationTokenSource(Patience);
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                socket.ConnectAsync(server, stop.Token).AsTask().GetAwaiter().GetResult();
                reached = true;
                if (!configuration.Ssl && Refusal(socket, configuration, stop.Token) is { } refusal) return RedisTrouble.Sentence(refusal);
            }
            catch (Exception error) when (error is SocketException or IOException or OperationCanceledException or ArgumentException or NotSupportedException)
            {
                // The next one may say more.
                continue;
            }
        }
        return reached
            ? "a program takes connections there and does not answer as Redis does. Is it Redis, and does it speak TLS (ssl=true)?"
            : "nobody takes a connection there. Is it running, is the address in Footfall__Redis__Connection right, and does a firewall or the bind of redis.conf keep this machine out?";
    }

    /// <summary>What Redis says to the first commands of a connection, if it refuses one of them.</summary>
    private static string? Refusal(Socket socket, ConfigurationOptions configuration, CancellationToken stop)
    {
        using var stream = new NetworkStream(socket);
        string[] login = configuration.Password is { Length: > 0 } password ? configuration.User is { Length: > 0 } user ? ["AUTH", user, password] : ["AUTH", password] : [];
        foreach (var command in (string[][])[login, ["PING"], ["ECHO", "footfall"]])
        {
            if (command.Length == 0) continue;
            var text = new StringBuilder($"*{command.Length}\r\n");
            foreach (var word in command) text.Append($"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
            stream.Write(Encoding.UTF8.GetBytes(text.ToString()));
            var buffer = new byte[1024];
            var answer = Encoding.UTF8.GetString(buffer, 0, stream.ReadAsync(buffer, stop).AsTask().GetAwaiter().GetResult());
            if (answer.StartsWith('-')) return answer[1..].TrimEnd();
            if (answer.Length == 0) throw new IOException("It hangs up.");
        }
        return null;
    }
}
