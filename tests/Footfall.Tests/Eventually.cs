namespace Footfall.Tests;

/// <summary>Waits for a condition, however slow the machine.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2), ShortPause = TimeSpan.FromMilliseconds(10),
        LongPause = TimeSpan.FromMilliseconds(100);

    public static async Task BecomesAsync(Func<Task<bool>> condition, string what)
    {
        // Polling costs the program time that it may need to meet the condition: the longer it takes, the less often it polls.
        var (left, pause) = (Timeout, ShortPause);
        while (!await condition())
        {
            Assert.True(left > TimeSpan.Zero, $"It never came true: {what}");
            await Task.Delay(pause, TimeProvider.System, TestContext.Current.CancellationToken);
            left -= pause;
            pause = pause * 1.5 < LongPause ? pause * 1.5 : LongPause;
        }
    }
}
