using Footfall.Live;

namespace Footfall.Tests.Live;

public sealed class AsyncAutoResetEventTests
{
    [Fact]
    public async Task Signals_before_a_wait_are_one()
    {
        var wakeup = new AsyncAutoResetEvent();
        wakeup.Signal();
        wakeup.Signal();

        await wakeup.WaitAsync();
        var second = wakeup.WaitAsync();

        Assert.False(second.IsCompleted);
        wakeup.Signal();
        await second;
    }

    [Fact]
    public async Task No_signal_is_lost_between_many_threads()
    {
        var wakeup = new AsyncAutoResetEvent();
        var (sent, goal) = (0, 200_000);
        var signalling = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (Interlocked.Increment(ref sent) < goal) wakeup.Signal();
            wakeup.Signal();
        })));

        // A signal follows the last number: a lost one would leave this waiting.
        while (Volatile.Read(ref sent) < goal) await wakeup.WaitAsync();

        await signalling;
    }
}
