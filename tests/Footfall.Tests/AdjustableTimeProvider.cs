using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests;

/// <summary>A clock for tests. As on a real machine a jump moves the wall clock only, never timers and elapsed time.</summary>
internal sealed class AdjustableTimeProvider(DateTimeOffset start) : FakeTimeProvider(start)
{
    private TimeSpan _offset;

    public void Jump(TimeSpan offset) => _offset += offset;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _offset;

    /// <summary>In ticks, as <see cref="FakeTimeProvider"/> has it, but without the jumps.</summary>
    public override long GetTimestamp() => base.GetUtcNow().Ticks;
}
