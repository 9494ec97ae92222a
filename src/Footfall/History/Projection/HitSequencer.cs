namespace Footfall.History.Projection;

/// <summary>
/// Numbers the hits of a commit that share visit, time and kind (<see cref="HitRow.Sequence"/>), so that these and the number identify a
/// hit: trackers give simultaneous events one time, and backends send an order together with its carts.
/// </summary>
internal sealed class HitSequencer
{
    private readonly record struct Key(long Position, long Visit, long Time, byte Kind);

    private readonly Dictionary<Key, int> _next = [];

    /// <param name="rows">Whole commits, in the order of the journal, with their visits.</param>
    public void AssignSequence(Span<HitRow> rows)
    {
        _next.Clear();
        // Only orders and hits with products are looked up by key; other hits only need a different key.
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
