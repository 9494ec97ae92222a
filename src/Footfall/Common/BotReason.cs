namespace Footfall.Common;

/// <summary>Why a hit counts as a robot's. The numbers stand in the journal: none is used again for something else.</summary>
internal enum BotReason : byte
{
    None = 0,

    /// <summary>The User-Agent is a robot's (isbot's patterns).</summary>
    UserAgent = 1,

    /// <summary>The referrer is on the list of referrer spam.</summary>
    ReferrerSpam = 2,
}
