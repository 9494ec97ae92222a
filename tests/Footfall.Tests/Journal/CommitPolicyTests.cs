using Footfall.Journal;

namespace Footfall.Tests.Journal;

public sealed class CommitPolicyTests
{
    [Fact]
    public void A_store_that_works_is_not_probed() => Assert.Null(new CommitPolicy().ProbeAfter);

    [Fact]
    public void Attempts_slow_down_while_the_store_fails_up_to_a_bound()
    {
        var policy = new CommitPolicy();
        var pauses = new List<TimeSpan>();
        for (var i = 0; i < 40; i++)
        {
            policy.Failed();
            pauses.Add(policy.ProbeAfter!.Value);
        }
        Assert.Equal(TimeSpan.FromMilliseconds(50), pauses[0]);
        Assert.Equal(TimeSpan.FromMilliseconds(100), pauses[1]);
        Assert.Equal(pauses.Order(), pauses);
        Assert.Equal(CommitPolicy.LongestPause, pauses[^1]);
        Assert.False(policy.Healthy);
    }

    [Fact]
    public void One_success_makes_it_healthy_at_once()
    {
        var policy = new CommitPolicy();
        policy.Failed();
        policy.Failed();
        policy.Succeeded();
        Assert.True(policy.Healthy);
        Assert.Null(policy.ProbeAfter);
    }
}
