namespace Footfall.Import;

/// <summary>How an import ended.</summary>
internal enum ImportStatus
{
    /// <summary>Everything that can be imported is durable.</summary>
    Complete,

    /// <summary>Interrupted: what the summary counts is durable, and the same import continues after it.</summary>
    Stopped,

    /// <summary>Another import ran after the state was read: read it again. Nothing was imported.</summary>
    Outdated,

    /// <summary>The content before the offset to continue at is not what was imported. Nothing was imported.</summary>
    Changed,
}
