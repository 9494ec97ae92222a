using System.Buffers.Binary;
using System.Security.Cryptography;
using Footfall.Journal;

namespace Footfall.Import.AccessLog;

/// <summary>Content that was imported before.</summary>
/// <param name="Length">Its bytes, after decompression.</param>
/// <param name="Hash">Their SHA-256.</param>
/// <param name="Start">The fingerprint of its first line.</param>
internal sealed record KnownContent(long Length, byte[] Hash, ulong Start);

/// <summary>What was imported into a site before. It is read before an import.</summary>
/// <param name="Token">Changes with every import. An import sends it to name the state it is based on.</param>
/// <param name="Known">In no order.</param>
internal sealed record ImportState(string Token, IReadOnlyList<KnownContent> Known)
{
    /// <summary>How long the history keeps anything, in days; 0 keeps it forever.</summary>
    public int KeptDays { get; init; }

    /// <summary>The start of what the history keeps, in Unix milliseconds; null for no limit.</summary>
    public long? Oldest { get; init; }

    public static ImportState FromCheckpoints(IReadOnlyList<ImportCheckpoint> checkpoints)
    {
        using var token = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var checkpoint in checkpoints.OrderBy(checkpoint => checkpoint.Id))
        {
            token.AppendData(checkpoint.Id.ToByteArray());
            token.AppendData(checkpoint.Hash);
        }
        return new(Convert.ToHexString(token.GetHashAndReset()),
            [.. checkpoints.Select(c => new KnownContent(c.Length, c.Hash, GetFingerprint(c.Id)))]);
    }

    /// <summary>A new import's number: the fingerprint of the first line, and 64 random bits.</summary>
    public static Guid NewId(ulong start)
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(id, start);
        RandomNumberGenerator.Fill(id[8..]);
        return new Guid(id);
    }

    /// <summary>The fingerprint of a first line, without its line end.</summary>
    public static ulong Fingerprint(ReadOnlySpan<byte> firstLine)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(firstLine, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    private static ulong GetFingerprint(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
