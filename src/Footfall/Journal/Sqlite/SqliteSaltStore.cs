using System.Collections.Concurrent;
using System.Security.Cryptography;
using Footfall.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Footfall.Journal.Sqlite;

/// <summary>The salts of one machine, in <c>salts.db</c> in the data directory.</summary>
internal sealed class SqliteSaltStore : ISaltStore, IDisposable
{
    public const string FileName = "salts.db";

    /// <summary>A hit may be 24 hours late, and a day has 24 hours: after this no hit needs the salt.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(48);

    private const int SaltLength = 32;

    /// <summary>How long an expired salt may remain.</summary>
    private static readonly TimeSpan CleanupInterval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(Site Site, int Day), (byte[] Salt, long MadeAt)> _cache = new();
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ILogger<SqliteSaltStore> _log;
    private readonly SqliteConnection _connection;
    private readonly ITimer _timer;
    private bool _closed, _needsVacuum;

    /// <exception cref="StartupException">The file can't be opened, or is no database.</exception>
    public SqliteSaltStore(IOptions<FootfallOptions> options, TimeProvider time, ILogger<SqliteSaltStore> log)
    {
        (_time, _log) = (time, log);
        var directory = options.Value.DataDirectory;
        var file = Path.Combine(directory, FileName);
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 5 }
            .ToString());
        try
        {
            Directory.CreateDirectory(directory);
            CreatePrivateFile(file);
            Open();
            DestroyExpired();
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
        {
            _connection.Dispose();
            throw new StartupException(
                $"The visitor salts, {Path.GetFullPath(file)}, can't be opened: {error.Message} If the file is damaged, delete it; "
                    + $"today's visitors are then counted again.", error);
        }
        _timer = time.CreateTimer(static store => ((SqliteSaltStore)store!).OnTimer(), this, CleanupInterval, CleanupInterval);
    }

    public byte[] GetOrCreate(Site site, int day) =>
        _cache.TryGetValue((site, day), out var cached) ? cached.Salt : ReadOrCreate(site, day);

    /// <summary>Destroys the salts of a site: a returning person is a new visitor.</summary>
    /// <exception cref="SaltsUnavailableException">They could not be destroyed.</exception>
    public void DestroySite(string domain)
    {
        lock (_lock)
        {
            try
            {
                ObjectDisposedException.ThrowIf(_closed, this);
                foreach (var cacheKey in _cache.Keys)
                    if (cacheKey.Site.Domain == domain) _cache.TryRemove(cacheKey, out _);
                if (Execute("DELETE FROM salts WHERE site = $site", ("$site", domain)) > 0) _needsVacuum = true;
                DestroyExpired();
            }
            catch (Exception error) when (error is SqliteException or ObjectDisposedException)
            {
                throw new SaltsUnavailableException($"The salts of {domain} could not be destroyed ({error.Message}).", error);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            _timer.Dispose();
            _connection.Dispose();
        }
    }

    /// <summary>Only the program's own user may read the file; SQLite gives its rollback journal the same permissions.</summary>
    private static void CreatePrivateFile(string file)
    {
        if (File.Exists(file)) return;
        var mode = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.Open(file, mode).Dispose();
    }

    private void Open()
    {
        _connection.Open();
        // EXTRA is FULL plus a directory sync after the rollback journal is deleted: without it, a power failure can restore that journal
        // and undo the last commit. https://www.sqlite.org/pragma.html#pragma_synchronous
        Execute("PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;");
        Execute(EmbeddedResources.ReadText("salts.sql"));
    }

    private byte[] ReadOrCreate(Site site, int day)
    {
        lock (_lock)
        {
            if (_cache.TryGetValue((site, day), out var cached)) return cached.Salt;
            try
            {
                ObjectDisposedException.ThrowIf(_closed, this);
                var (oldest, newest) = GetValidRange();
                using var find =
                    Command("SELECT salt, made_at FROM salts WHERE site = $site AND day = $day AND made_at BETWEEN $oldest AND $newest",
                    ("$site", site.Domain), ("$day", day), ("$oldest", oldest), ("$newest", newest));
                using (var row = find.ExecuteReader())
                {
                    if (row.Read()) cached = (row.GetFieldValue<byte[]>(0), row.GetInt64(1));
                }
                // A salt of another length is damaged: it is deleted like an expired one.
                if (cached.Salt is not { Length: SaltLength })
                {
                    cached = (RandomNumberGenerator.GetBytes(SaltLength), _time.GetUtcNow().ToUnixTimeMilliseconds());
                    Execute("INSERT OR REPLACE INTO salts (site, day, made_at, salt) VALUES ($site, $day, $made, $salt)",
                        ("$site", site.Domain), ("$day", day), ("$made", cached.MadeAt), ("$salt", cached.Salt));
                }
            }
            catch (Exception error) when (error is SqliteException or InvalidOperationException)
            {
                throw new SaltsUnavailableException($"The salt of a day could not be read or created ({error.Message}).", error);
            }
            _cache[(site, day)] = cached;
            return cached.Salt;
        }
    }

    private void OnTimer()
    {
        try
        {
            lock (_lock)
            {
                if (!_closed) DestroyExpired();
            }
        }
        catch (SqliteException error)
        {
            _log.SaltsNotDestroyed(error.Message);
        }
    }

    private void DestroyExpired()
    {
        var (oldest, newest) = GetValidRange();
        foreach (var (cacheKey, cached) in _cache)
            if (cached.MadeAt < oldest || cached.MadeAt > newest) _cache.TryRemove(cacheKey, out _);
        if (Execute("DELETE FROM salts WHERE made_at NOT BETWEEN $oldest AND $newest", ("$oldest", oldest), ("$newest", newest)) > 0)
            _needsVacuum = true;
        if (!_needsVacuum) return;
        // secure_delete overwrites a deleted row, but not the copy that may remain in a page when half of its rows move to another one
        // (measured: in 1 of 25 files of 200 salts). A rewrite leaves none.
        Execute("VACUUM");
        _needsVacuum = false;
    }

    /// <summary>
    /// The creation times of valid salts. A salt from the future was created while the clock was wrong, and would not expire; half a day is
    /// left for clock corrections.
    /// </summary>
    private (long Oldest, long Newest) GetValidRange()
    {
        var now = _time.GetUtcNow();
        return ((now - Lifetime).ToUnixTimeMilliseconds() + 1, (now + TimeSpan.FromHours(12)).ToUnixTimeMilliseconds());
    }

    private int Execute(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        return command;
    }
}
