using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History.Schema;

namespace Footfall.History.Projection;

/// <summary>Assigns a visit and a visitor to each hit, in journal order. The journal has decided which hits open a visit.</summary>
internal sealed class VisitAssigner(VisitorCache visitors)
{
    private long _lastVisit, _lastVisitor;

    public long LastVisit => _lastVisit;

    public long LastVisitor => _lastVisitor;

    public void Load(DuckDBConnection connection)
    {
        _lastVisit = connection.Scalar<long?>("SELECT visit FROM progress") ?? 0;
        _lastVisitor = connection.Scalar<long?>("SELECT visitor FROM progress") ?? 0;
    }

    /// <summary>
    /// Fills visit and visitor; <see cref="HitRow.OpensVisit"/> is then true only for rows that open a visit in the store.
    /// </summary>
    public void Assign(ref HitRow row)
    {
        if (row.Bot != BotReason.None) return;
        if (row.Hash == 0)
        {
            // A bare visit has no visitor hash: it is its own visit and visitor.
            (row.OpensVisit, row.Visit, row.Visitor) = (true, ++_lastVisit, ++_lastVisitor);
            return;
        }
        var key = new VisitorCache.Key(row.Site, row.Hash);
        if (!row.OpensVisit)
        {
            (row.Visitor, row.Visit) = visitors.Find(key, row.Time);
            if (row.Visit != 0) return;
            // The first hit is missing: the history was reset or restored in the middle of the visit.
            row.OpensVisit = true;
        }
        row.Visitor = visitors.NumberOf(key);
        if (row.Visitor == 0) row.Visitor = ++_lastVisitor;
        row.Visit = ++_lastVisit;
        visitors.AddVisit(key, row.Visitor, row.Visit, row.Time);
    }
}
