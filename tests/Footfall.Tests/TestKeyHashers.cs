using Footfall.Common;

namespace Footfall.Tests;

/// <summary>For what needs hashes of keys, whatever they are.</summary>
internal static class TestKeyHashers
{
    public static KeyHasher Any { get; } = WithSecret(0);

    /// <summary>An installation with a secret of its own.</summary>
    public static KeyHasher WithSecret(byte secret) =>
        new([.. Enumerable.Repeat(secret, KeyHasher.SecretBytes)], new UnkeyedHashes(TimeProvider.System));
}
