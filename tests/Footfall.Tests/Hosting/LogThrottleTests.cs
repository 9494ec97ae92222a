using Footfall.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests.Hosting;

public sealed class LogThrottleTests
{
    [Fact]
    public void One_entry_a_minute_passes_however_often_it_is_looked_at()
    {
        var time = new FakeTimeProvider();
        var filter = new LogThrottle(time);
        Assert.True(filter.TryPass());
        Assert.True(filter.TryPass());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(filter.TryPass());
        time.Advance(TimeSpan.FromSeconds(58));
        Assert.False(filter.TryPass());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(filter.TryPass());
    }
}
