using Footfall.Words;

namespace Footfall.Tests;

/// <summary>For what needs hashes of keys, whatever they are.</summary>
internal static class Hashers
{
    public static KeyHasher Any { get; } = Of(0);

    /// <summary>An installation with a secret of its own.</summary>
    public static KeyHasher Of(byte secret) =>
        new([.. Enumerable.Repeat(secret, KeyHasher.SecretBytes)], new UnkeyedHashes(TimeProvider.System));
}
