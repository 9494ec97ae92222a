using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.RegularExpressions;
using Footfall.Common;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// Parses the setting <c>Footfall__Redis__Connection</c>, and explains why no server can be reached. Only parts that look like a server are
/// ever printed: everything else may be a password.
/// </summary>
internal static partial class RedisConfiguration
{
    /// <summary>A batch whose reply takes longer is sent again with the same number, so that it counts once.</summary>
    private const int ReplyTimeoutMilliseconds = 2_000;

    /// <summary>In seconds.</summary>
    private const int RoleCheckSeconds = 2;

    private const string FormatHint = "write host:port and options, separated by commas, such as "
        + "redis-1:6379,user=footfall,password=secret,ssl=true.";

    /// <summary>Connection options that the journal depends on and operators can't set.</summary>
    private static readonly string[] ManagedOptions = ["abortConnect", "allowAdmin", "asyncTimeout", "syncTimeout", "configCheckSeconds"];

    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(3);

    /// <exception cref="StartupException">It can't be read.</exception>
    public static ConfigurationOptions Parse(RedisOptions settings)
    {
        if (SplitParts(settings)
            .Any(static part => part.Contains("://", StringComparison.Ordinal) || (part.Contains('@') && !part.Contains('='))))
            throw new StartupException($"Footfall__Redis__Connection is not a URL: {FormatHint}");
        try
        {
            var configuration = ConfigurationOptions.Parse(settings.Connection);
            configuration.ClientName ??= "footfall";
            configuration.AbortOnConnectFail = true;
            // For INFO at startup: https://stackexchange.github.io/StackExchange.Redis/Configuration, "Admin".
            configuration.AllowAdmin = true;
            configuration.AsyncTimeout = ReplyTimeoutMilliseconds;
            configuration.SyncTimeout = Math.Max(ReplyTimeoutMilliseconds, settings.TimeoutSeconds * 1_000);
            // Commands that can't be sent now fail at once: the journal itself retries, and knows for how long.
            configuration.BacklogPolicy = BacklogPolicy.FailFast;
            configuration.ReconnectRetryPolicy = new LinearRetry(250);
            configuration.HeartbeatInterval = TimeSpan.FromMilliseconds(250);
            // How soon a new primary is detected if no server announces it; a minute by default.
            configuration.ConfigCheckSeconds = RoleCheckSeconds;
            // Keys and values are hashes of data that shops sent: neither belongs in a log.
            configuration.IncludeDetailInExceptions = false;
            return configuration;
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            var option = (error as ArgumentException)?.ParamName;
            var where = option is not null && OptionNameRegex().IsMatch(option)
                && settings.Connection.Contains($"{option}=", StringComparison.OrdinalIgnoreCase) ? $" at the option {option}" : "";
            throw new StartupException($"Footfall__Redis__Connection can't be read{where}: {FormatHint}", error);
        }
    }

    /// <summary>The options that are set but ignored.</summary>
    public static IEnumerable<string> IgnoredOptions(RedisOptions settings) =>
        ManagedOptions.Where(option => settings.Connection.Contains($"{option}=", StringComparison.OrdinalIgnoreCase));

    /// <summary>The servers in the setting, for a sentence.</summary>
    public static string DescribeServers(RedisOptions settings) =>
        SplitParts(settings).Where(static part => ServerRegex().IsMatch(part)).ToList() is { Count: > 0 } servers
            ? $"Redis at {string.Join(", ", servers)}" : "The Redis of Footfall__Redis__Connection";

    /// <summary>Why there is no connection. The library's own errors are unclear or missing, so each server is tested directly.</summary>
    public static StartupException CreateConnectException(RedisOptions settings, ConfigurationOptions configuration, Exception error)
    {
        var tls = FindCause<AuthenticationException>(error) ?? (configuration.Ssl ? FindCause<IOException>(error) : (Exception?)null);
        var reason = tls is null
            ? Diagnose(configuration)
            : $"TLS fails ({tls.Message.ReplaceLineEndings(" ").TrimEnd('.')}). Does this port use TLS, as ssl=true in "
                + $"Footfall__Redis__Connection says, and does this machine trust the certificate of Redis?";
        return new StartupException($"{DescribeServers(settings)} can't be used: {reason}", error);
    }

    [GeneratedRegex(@"^([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}$")]
    private static partial Regex ServerRegex();

    [GeneratedRegex("^[A-Za-z]{1,30}$")]
    private static partial Regex OptionNameRegex();

    private static string[] SplitParts(RedisOptions settings) =>
        settings.Connection.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static T? FindCause<T>(Exception? error)
        where T : Exception => error is null ? null : error as T ?? FindCause<T>(error.InnerException);

    private static string Diagnose(ConfigurationOptions configuration)
    {
        var reached = false;
        foreach (var server in configuration.EndPoints)
        {
            try
            {
                using var stop = new CancellationTokenSource(ProbeTimeout);
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                socket.ConnectAsync(server, stop.Token).AsTask().GetAwaiter().GetResult();
                reached = true;
                if (!configuration.Ssl && ReadErrorReply(socket, configuration, stop.Token) is { } errorReply)
                    return RedisFault.Describe(errorReply);
            }
            catch (Exception error)
                when (error is SocketException or IOException or OperationCanceledException or ArgumentException or NotSupportedException)
            {
                // The next server may give a better reason.
                continue;
            }
        }
        return reached
            ? "a program accepts connections there, but does not respond like Redis. Is it Redis, and does it use TLS (ssl=true)?"
            : "nothing accepts connections there. Is Redis running, is the address in Footfall__Redis__Connection right, and does a "
                + "firewall or the bind setting in redis.conf block this machine?";
    }

    /// <summary>The error of Redis if it rejects one of the first commands of a connection.</summary>
    private static string? ReadErrorReply(Socket socket, ConfigurationOptions configuration, CancellationToken cancellationToken)
    {
        using var stream = new NetworkStream(socket);
        string[] login = configuration.Password is { Length: > 0 } password ? configuration.User is { Length: > 0 } user
            ? ["AUTH", user, password] : ["AUTH", password] : [];
        foreach (var command in (string[][])[login, ["PING"], ["ECHO", "footfall"]])
        {
            if (command.Length == 0) continue;
            var text = new StringBuilder($"*{command.Length}\r\n");
            foreach (var argument in command) text.Append($"${Encoding.UTF8.GetByteCount(argument)}\r\n{argument}\r\n");
            stream.Write(Encoding.UTF8.GetBytes(text.ToString()));
            var buffer = new byte[1024];
            var reply = Encoding.UTF8.GetString(buffer, 0, stream.ReadAsync(buffer, cancellationToken).AsTask().GetAwaiter().GetResult());
            if (reply.StartsWith('-')) return reply[1..].TrimEnd();
            if (reply.Length == 0) throw new IOException("It closes the connection.");
        }
        return null;
    }
}
