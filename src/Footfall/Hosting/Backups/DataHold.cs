using System.Net;
using Footfall.Hosting.Control;
using Footfall.Journal;

namespace Footfall.Hosting.Backups;

/// <summary>Holds the data of a directory still while it is copied: as its only owner, or through the server that has it.</summary>
internal sealed class DataHold : IAsyncDisposable
{
    private readonly DataDirectoryLock? _lock;
    private readonly HttpClient? _server;
    private Held? _journal;

    private DataHold(DataDirectoryLock? held, HttpClient? server) => (_lock, _server) = (held, server);

    /// <exception cref="CommandException">The server does not let it be held.</exception>
    /// <exception cref="Words.StartException">Another program has the directory.</exception>
    public static async Task<DataHold> OpenAsync(string directory, TimeProvider time, CancellationToken stop)
    {
        if (await DataOwner.FindServerAsync(directory, time, stop) is not { } socket)
        {
            var hold = new DataHold(DataDirectoryLock.Acquire(directory), null);
            RestoredFiles.PutInPlace(directory);
            return hold;
        }
        var server = new DataHold(null, ControlSocket.Client(socket));
        try
        {
            server._journal = await server.HoldAsync(HoldEndpoint.JournalPath, stop);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Holds the history until what is returned is disposed.</summary>
    /// <exception cref="CommandException">The server does not let it be held.</exception>
    public async Task<Held> HoldHistoryAsync(CancellationToken stop) => _server is null ? new Held(null, null) : await HoldAsync(HoldEndpoint.HistoryPath, stop);

    /// <summary>Makes sure that the journal was held all the time.</summary>
    /// <exception cref="CommandException">It was not.</exception>
    public void Check() => _journal?.Check();

    public async ValueTask DisposeAsync()
    {
        if (_journal is not null) await _journal.DisposeAsync();
        _server?.Dispose();
        _lock?.Dispose();
    }

    private async Task<Held> HoldAsync(string path, CancellationToken stop)
    {
        HttpResponseMessage? answer = null;
        try
        {
            answer = await _server!.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, stop);
            if (answer.StatusCode == HttpStatusCode.NotFound) throw new CommandException("The server that has the data is another version of Footfall, without backups while it runs.");
            if (answer.StatusCode != HttpStatusCode.OK) throw new CommandException(await answer.Content.ReadAsStringAsync(stop));
            var stream = await answer.Content.ReadAsStreamAsync(stop);
            if (await stream.ReadAsync(new byte[64], stop) == 0) throw new IOException("The answer is empty.");
            return new Held(answer, stream);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            answer?.Dispose();
            throw Lost(error);
        }
        catch
        {
            answer?.Dispose();
            throw;
        }
    }

    private static CommandException Lost(Exception? error) => new("The server went away, or held its data no longer: there is no backup.", error);

    /// <summary>Something that the server holds while this connection lasts.</summary>
    internal sealed class Held(HttpResponseMessage? answer, Stream? stream) : IAsyncDisposable
    {
        // Nothing more is sent: whatever ends this has ended the hold.
        private readonly Task<int>? _end = stream?.ReadAsync(new byte[64]).AsTask();

        public void Check()
        {
            if (_end?.IsCompleted == true) throw Lost(_end.Exception);
        }

        public async ValueTask DisposeAsync()
        {
            answer?.Dispose();
            if (_end is null) return;
            await ((Task)_end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
