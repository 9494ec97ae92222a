using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Footfall.Common;
using Microsoft.Win32.SafeHandles;

namespace Footfall.Journal.Sqlite;

/// <summary>
/// The state of the journal after its last commit, in a separate file: SQLite stops reading at the first damage in its log
/// (https://www.sqlite.org/walformat.html#recovery), and can't detect that an older file was restored. Either would make counts smaller
/// than those already returned. Written after the commit and not synced, which costs 2 µs: a power failure may leave an older mark than the
/// journal, which proves nothing and is replaced.
/// </summary>
internal sealed class JournalMark : IDisposable
{
    public const string FileName = "journal.mark";

    /// <summary>What an operator can do about it.</summary>
    private const string Advice = " Hits are rejected, so that nothing is added to wrong counts. Stop Footfall; then restore the " +
        "backup that belongs to this data (footfall restore), or continue with the data as it is (footfall accept-journal): see "
            + "docs/journal-behind.md.";

    /// <summary>
    /// Identity, position and seal in hexadecimal, separated by spaces: the length is fixed, so that one write replaces all.
    /// </summary>
    private const int LineLength = 32 + 1 + 16 + 1 + 16 + 1;

    private readonly SafeFileHandle _file;
    private readonly Guid _identity;
    private readonly byte[] _buffer = new byte[LineLength];

    /// <exception cref="StartupException">The file can't be written.</exception>
    public JournalMark(string directory, Guid identity)
    {
        var path = Path.Combine(directory, FileName);
        _identity = identity;
        try
        {
            _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{Path.GetFullPath(path)} can't be written: {error.Message}", error);
        }
    }

    /// <summary>The message for a journal that must not be used.</summary>
    /// <param name="reason">What is wrong, as a sentence.</param>
    public static string Explain(string reason) => reason + Advice;

    /// <summary>Compares the journal with the last mark.</summary>
    /// <param name="checksum">As in <see cref="VisitCounters.Checksum"/>; null if it may legitimately differ.</param>
    /// <returns>What is wrong, as a sentence; null if all is well or there is no mark.</returns>
    public string? Check(long position, ulong? checksum)
    {
        var read = RandomAccess.Read(_file, _buffer, 0);
        if (read == 0) return null;
        const NumberStyles hex = NumberStyles.AllowHexSpecifier;
        if (read < LineLength
            || Encoding.ASCII.GetString(_buffer).Split(' ', '\n') is not [var id, var notedPosition, var notedChecksum, ""]
            || !Guid.TryParseExact(id, "N", out var identity)
            || !long.TryParse(notedPosition, hex, CultureInfo.InvariantCulture, out var markedPosition)
            || !ulong.TryParse(notedChecksum, hex, CultureInfo.InvariantCulture, out var markedChecksum))
            return $"{FileName}, which records what journal.db must have, is damaged.";
        if (identity != _identity)
            return "journal.db is not the journal of this data directory: it was deleted or replaced, or is damaged.";
        if (markedPosition > position)
            return $"journal.db ends at commit {position}, but commits up to {markedPosition} were confirmed: an older journal.db was " +
                $"restored, "
                + "or its end is damaged.";
        if (markedPosition < position || checksum is null || markedChecksum == checksum) return null;
        return "The counts in journal.db do not match its last commit: it is damaged, or another program changed it.";
    }

    /// <summary>Writes the mark.</summary>
    /// <exception cref="IOException">The disk can't be written.</exception>
    public void Write(long position, ulong checksum)
    {
        // Without a string: commits allocate nothing.
        if (!Utf8.TryWrite(_buffer, CultureInfo.InvariantCulture, $"{_identity:N} {position:x16} {checksum:x16}\n", out _))
            throw new InvalidOperationException("The mark is longer than its file.");
        RandomAccess.Write(_file, _buffer, 0);
    }

    /// <summary>Syncs it to disk.</summary>
    public void Sync() => RandomAccess.FlushToDisk(_file);

    public void Dispose() => _file.Dispose();
}
