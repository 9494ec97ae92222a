using CsCheck;
using Footfall.Live;

namespace Footfall.Tests.Live;

public sealed class SiteDayTests
{
    internal sealed record Added(int Slot, int Step, int Figure, int Amount);

    [Fact]
    public void Sums_until_a_step_are_those_of_the_steps_before_it_in_whatever_order_they_came() =>
        Gen.Select(Gen.Select(Gen.Int[0, 3], Gen.Int[0, 20], Gen.Int[0, Figures.Count - 1], Gen.Int[0, 9], (slot, step, figure, amount) => new Added(slot, step, figure, amount)).Array[0, 60], Gen.Int[0, 21]).Sample((added, until) =>
        {
            var day = new SiteDay(1);
            var (sums, before) = (new Figures[4], new Figures[4]);
            foreach (var one in added)
            {
                Figures figures = default;
                figures.Add((Figure)one.Figure, one.Amount);
                day.Add(one.Slot, one.Step, figures);
                day.CopyUntil(until, before);
            }
            day.CopySums(sums);
            day.CopyUntil(until, before);
            for (var slot = 0; slot < 4; slot++)
                for (var figure = 0; figure < Figures.Count; figure++)
                {
                    var mine = added.Where(one => one.Slot == slot && one.Figure == figure);
                    Assert.Equal(mine.Sum(one => one.Amount), sums[slot][figure]);
                    Assert.Equal(mine.Where(one => (Figure)figure == Figure.Active ? one.Step == until - 1 : one.Step < until).Sum(one => one.Amount), before[slot][figure]);
                }
        });
}
