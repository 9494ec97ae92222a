using Footfall.Journal;

namespace Footfall.Tests.Journal;

public sealed class CommitPolicyTests
{
    [Fact]
    public void A_store_that_works_is_not_probed() => Assert.Null(new CommitPolicy().ProbeDelay);

    [Fact]
    public void Attempts_slow_down_while_the_store_fails_up_to_a_bound()
    {
        var policy = new CommitPolicy();
        var pauses = new List<TimeSpan>();
        for (var i = 0; i < 40; i++)
        {
            policy.RecordFailure();
            pauses.Add(policy.ProbeDelay!.Value);
        }
        Assert.Equal(TimeSpan.FromMilliseconds(50), pauses[0]);
        Assert.Equal(TimeSpan.FromMilliseconds(100), pauses[1]);
        Assert.Equal(pauses.Order(), pauses);
        Assert.Equal(CommitPolicy.MaxDelay, pauses[^1]);
        Assert.False(policy.IsHealthy);
    }

    [Fact]
    public void One_success_makes_it_healthy_at_once()
    {
        var policy = new CommitPolicy();
        policy.RecordFailure();
        policy.RecordFailure();
        policy.RecordSuccess();
        Assert.True(policy.IsHealthy);
        Assert.Null(policy.ProbeDelay);
    }
}
