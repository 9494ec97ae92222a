using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History;
using Footfall.History.Schema;
using Microsoft.Extensions.Options;

namespace Footfall.Tests.History.Schema;

public sealed class HistoryDatabaseTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();
    private readonly HistoryDatabase _database;

    public HistoryDatabaseTests() => _database =
        new HistoryDatabase(Options.Create(new FootfallOptions { DataDirectory = _data, History = new HistoryOptions { Threads = 1 } }));

    public void Dispose()
    {
        _database.Dispose();
        _data.Dispose();
    }

    [Fact]
    public void Who_connects_before_it_was_to_be_opened_is_refused() => Assert.Throws<HistoryUnavailableException>(_database.Connect);

    [Fact]
    public async Task Who_connects_while_it_is_about_to_be_opened_waits()
    {
        _database.ExpectOpening();
        var connecting = await ConnectAsync();
        _database.Open();
        using var connection = await connecting;
        Assert.Equal(1, connection.Scalar<int>("SELECT 1"));
    }

    [Fact]
    public async Task Who_waits_is_refused_when_it_can_not_be_opened()
    {
        Directory.CreateDirectory(_database.FilePath);
        _database.ExpectOpening();
        var connecting = await ConnectAsync();
        Assert.Throws<HistoryUnavailableException>(() => _database.Open());
        await Assert.ThrowsAsync<HistoryUnavailableException>(() => connecting);
    }

    [Fact]
    public async Task Who_waits_is_refused_when_the_program_stops_before()
    {
        _database.ExpectOpening();
        var connecting = await ConnectAsync();
        _database.Close();
        await Assert.ThrowsAsync<HistoryUnavailableException>(() => connecting);
    }

    /// <returns>A connection that is being waited for.</returns>
    private async Task<Task<DuckDBConnection>> ConnectAsync()
    {
        var done = new TaskCompletionSource<DuckDBConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                done.SetResult(_database.Connect());
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        });
        thread.Start();
        await Eventually.BecomesAsync(() =>
            Task.FromResult(done.Task.IsCompleted || thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin)), "it connects or waits");
        Assert.False(done.Task.IsCompleted);
        return done.Task;
    }
}
