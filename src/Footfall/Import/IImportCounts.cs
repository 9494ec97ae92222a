using Footfall.Common;

namespace Footfall.Import;

/// <summary>Counts the outcomes of the lines of one batch, and the total of the durable ones.</summary>
internal interface IImportCounts<TSelf>
{
    /// <summary>Counts the journal's decision on a hit.</summary>
    void AddOutcome(in HitOutcome outcome);

    void Add(TSelf other);

    void Clear();
}
