namespace Footfall.History.Projection;

/// <summary>
/// Numbers hits of one commit that are of one visit, moment and kind (<see cref="HitRow.Sequence"/>), so that each is known by visit, time,
/// commit, kind and number: a tracker sends what happens together with one time, and a backend an order with the baskets before it.
/// </summary>
internal sealed class HitSequencer
{
    private readonly record struct Key(long Position, long Visit, long Time, byte Kind);

    private readonly Dictionary<Key, int> _next = [];

    /// <param name="rows">Whole commits, in the order of the journal, with their visits.</param>
    public void AssignSequence(Span<HitRow> rows)
    {
        _next.Clear();
        // Only hits with products, and orders, are looked for by their key; those beside them must have another.
        foreach (ref readonly var row in rows)
            if (row.ItemCount > 0 || OrderLedger.IsOrder(row.Kind)) _next[KeyOf(row)] = 0;
        if (_next.Count == 0) return;
        foreach (ref var row in rows)
        {
            ref var next = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrNullRef(_next, KeyOf(row));
            if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref next)) row.Sequence = next++;
        }
    }

    private static Key KeyOf(in HitRow row) => new(row.Position, row.Visit, row.Time, row.Kind);
}
