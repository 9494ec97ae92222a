using System.Net;
using Footfall.Common;
using Footfall.Hosting.Admin;
using Footfall.Journal;
using Footfall.Journal.Sqlite;

namespace Footfall.Commands.Backup;

/// <summary>Locks the data of a directory during a copy: as its only owner, or through the server that owns it.</summary>
internal sealed class BackupLock : IAsyncDisposable
{
    private readonly DataDirectoryLock? _lock;
    private readonly HttpClient? _server;
    private ServerLock? _journalLock;

    private BackupLock(DataDirectoryLock? held, HttpClient? server) => (_lock, _server) = (held, server);

    /// <exception cref="CommandException">The server rejects the lock.</exception>
    /// <exception cref="StartupException">Another program owns the directory.</exception>
    public static async Task<BackupLock> AcquireAsync(string directory, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await RunningInstance.FindServerAsync(directory, time, cancellationToken) is not { } socket)
        {
            var backupLock = new BackupLock(DataDirectoryLock.Acquire(directory), null);
            RestoreStaging.Apply(directory);
            return backupLock;
        }
        var server = new BackupLock(null, AdminSocket.CreateClient(socket));
        try
        {
            server._journalLock = await server.RequestLockAsync(BackupLockEndpoint.JournalPath, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Locks the history until the result is disposed.</summary>
    /// <exception cref="CommandException">The server rejects the lock.</exception>
    public async Task<ServerLock> LockHistoryAsync(CancellationToken cancellationToken) =>
        _server is null ? new ServerLock(null, null) : await RequestLockAsync(BackupLockEndpoint.HistoryPath, cancellationToken);

    /// <summary>Ensures that the journal was locked all the time.</summary>
    /// <exception cref="CommandException">It was not.</exception>
    public void EnsureHeld() => _journalLock?.EnsureHeld();

    public async ValueTask DisposeAsync()
    {
        if (_journalLock is not null) await _journalLock.DisposeAsync();
        _server?.Dispose();
        _lock?.Dispose();
    }

    private async Task<ServerLock> RequestLockAsync(string path, CancellationToken cancellationToken)
    {
        HttpResponseMessage? response = null;
        try
        {
            response = await _server!.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode == HttpStatusCode.NotFound) throw new CommandException("The server that uses the data is another "
                + "version of Footfall, which can't be backed up while it runs.");
            if (response.StatusCode != HttpStatusCode.OK)
                throw new CommandException(await response.Content.ReadAsStringAsync(cancellationToken));
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            if (await stream.ReadAsync(new byte[64], cancellationToken) == 0) throw new IOException("The response is empty.");
            return new ServerLock(response, stream);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            response?.Dispose();
            throw LockLost(error);
        }
        catch
        {
            response?.Dispose();
            throw;
        }
    }

    private static CommandException LockLost(Exception? error) =>
        new("The connection to the server was lost, or the server stopped holding "
        + "its data: no backup was made.", error);

    /// <summary>A lock that the server holds while this connection lasts.</summary>
    internal sealed class ServerLock(HttpResponseMessage? response, Stream? stream) : IAsyncDisposable
    {
        // No more data is sent: any end of the read means the lock is lost.
        private readonly Task<int>? _end = stream?.ReadAsync(new byte[64]).AsTask();

        public void EnsureHeld()
        {
            if (_end?.IsCompleted == true) throw LockLost(_end.Exception);
        }

        public async ValueTask DisposeAsync()
        {
            response?.Dispose();
            if (_end is null) return;
            await ((Task)_end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
