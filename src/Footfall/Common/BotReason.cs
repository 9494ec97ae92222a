namespace Footfall.Common;

/// <summary>Why a hit counts as a bot's. The journal stores the numbers: never reuse one.</summary>
internal enum BotReason : byte
{
    None = 0,

    /// <summary>The User-Agent is a bot's (isbot's patterns).</summary>
    UserAgent = 1,

    /// <summary>The referrer is on the list of referrer spam.</summary>
    ReferrerSpam = 2,
}
