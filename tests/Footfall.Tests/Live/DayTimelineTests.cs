using CsCheck;
using Footfall.Live;

namespace Footfall.Tests.Live;

public sealed class DayTimelineTests
{
    internal sealed record Added(int Slot, int Step, int Figure, int Amount);

    [Fact]
    public void Sums_until_a_step_are_those_of_the_steps_before_it_in_whatever_order_they_came() =>
        Gen.Select(Gen.Select(Gen.Int[0, 3], Gen.Int[0, 20], Gen.Int[0, DailyStats.Count - 1], Gen.Int[0, 9],
            (slot, step, counter, amount) => new Added(slot, step, counter, amount)).Array[0, 60], Gen.Int[0, 21]).Sample((added, until) =>
        {
            var day = new DayTimeline(1);
            var (sums, before) = (new DailyStats[4], new DailyStats[4]);
            foreach (var one in added)
            {
                DailyStats stats = default;
                stats.Add((DailyCounter)one.Figure, one.Amount);
                day.Add(one.Slot, one.Step, stats);
                day.CopySumsBefore(until, before);
            }
            day.CopySums(sums);
            day.CopySumsBefore(until, before);
            for (var slot = 0; slot < 4; slot++)
                for (var counter = 0; counter < DailyStats.Count; counter++)
                {
                    var mine = added.Where(one => one.Slot == slot && one.Figure == counter);
                    Assert.Equal(mine.Sum(one => one.Amount), sums[slot][counter]);
                    Assert.Equal(mine.Where(one => (DailyCounter)counter == DailyCounter.Active ? one.Step == until - 1 : one.Step < until)
                        .Sum(one => one.Amount), before[slot][counter]);
                }
        });
}
