namespace Footfall.Import;

/// <summary>How an import ended.</summary>
internal enum ImportStatus
{
    /// <summary>Everything that can be imported is durable.</summary>
    Complete,

    /// <summary>Interrupted: what the summary counts is durable, and the same import again goes on behind it.</summary>
    Stopped,

    /// <summary>Another import ran after the state was asked for: ask again. Nothing was imported.</summary>
    Outdated,

    /// <summary>The content is not what was imported up to the place where it was to go on. Nothing was imported.</summary>
    Changed,
}
