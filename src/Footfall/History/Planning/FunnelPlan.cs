namespace Footfall.History.Planning;

/// <summary>Makes an answer of a question about a funnel.</summary>
internal sealed class FunnelPlan(Snapshot snapshot, FunnelQuestion question)
{
    public FunnelAnswer Answer() => throw new NotSupportedException($"{snapshot} {question}");
}
