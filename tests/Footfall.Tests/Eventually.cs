namespace Footfall.Tests;

/// <summary>Waits for a condition, however slow the machine.</summary>
internal static class Eventually
{
    public static async Task BecomesAsync(Func<Task<bool>> condition, string what)
    {
        var left = 6_000;
        while (!await condition())
        {
            Assert.True(left-- > 0, $"It never came true: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
