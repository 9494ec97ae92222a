using Footfall.Words;

namespace Footfall.Collect.AccessLog;

/// <summary>Counts what became of the lines of one batch, and added up of those that are durable.</summary>
internal interface IImportTally<TSelf>
{
    /// <summary>Counts what the journal decided of a hit.</summary>
    void Note(in Outcome outcome);

    void Add(TSelf other);

    void Clear();
}
