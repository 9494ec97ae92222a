using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History.Schema;

namespace Footfall.History.Projection;

/// <summary>
/// Gives each hit its visit and its visitor, in the order of the journal, whose decision on what opens a visit it follows.
/// </summary>
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

    /// <summary>Fills visit and visitor; <see cref="HitRow.OpensVisit"/> is then true exactly for the rows that begin one here.</summary>
    public void Assign(ref HitRow row)
    {
        if (row.Bot != BotReason.None) return;
        if (row.Hash == 0)
        {
            // A bare visit belongs to nobody: it is a visit and a visitor of its own.
            (row.OpensVisit, row.Visit, row.Visitor) = (true, ++_lastVisit, ++_lastVisitor);
            return;
        }
        var key = new VisitorCache.Key(row.Site, row.Hash);
        if (!row.OpensVisit)
        {
            (row.Visitor, row.Visit) = visitors.Find(key, row.Time);
            if (row.Visit != 0) return;
            // Its first hit is not here: the history was started over, or restored, in the middle of the visit.
            row.OpensVisit = true;
        }
        row.Visitor = visitors.NumberOf(key);
        if (row.Visitor == 0) row.Visitor = ++_lastVisitor;
        row.Visit = ++_lastVisit;
        visitors.AddVisit(key, row.Visitor, row.Visit, row.Time);
    }
}
