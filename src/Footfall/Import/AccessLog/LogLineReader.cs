using System.Security.Cryptography;

namespace Footfall.Import.AccessLog;

/// <summary>
/// Cuts content into lines without holding more than one buffer, and computes the SHA-256 of all lines taken. Use:
/// <c>while (lines.TryNext() || await lines.FillAsync(…))</c>, and after a line <see cref="Advance"/>.
/// </summary>
/// <param name="content">After decompression. Not closed.</param>
/// <param name="mark">A length at which the hash is recorded: see <see cref="HashAtMark"/>. 0 for none.</param>
internal sealed class LogLineReader(Stream content, long mark = 0) : IDisposable
{
    /// <summary>Room for the longest line, and large enough that the cost of a read per line is negligible.</summary>
    private const int BufferSize = AccessLogParser.MaxLineBytes * 4;

    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _bufferPosition, _hashedTo;
    private int _start, _end, _next, _searched, _length;
    private bool _skipping, _ended, _hasLine;

    /// <summary>The bytes of all lines taken, with their line ends.</summary>
    public long Position => _bufferPosition + _start;

    /// <summary>The line to take, without its line end; empty where <see cref="IsTooLong"/>.</summary>
    public ReadOnlySpan<byte> Line => IsTooLong ? default : _buffer.AsSpan(_start, _length);

    /// <summary>Whether the line has a line end; only the last one may lack it.</summary>
    public bool IsTerminated { get; private set; }

    /// <summary>Whether the line was longer than the buffer.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Shows the next line, if it is in the buffer already.</summary>
    public bool TryPeek()
    {
        if (_hasLine) return true;
        var found = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
        if (found >= 0) return SetLine(_searched + found, terminated: true);
        _searched = _end;
        return _ended && (_end > _start || _skipping) && SetLine(_end, terminated: false);
    }

    /// <summary>Reads more, when <see cref="TryPeek"/> has nothing.</summary>
    /// <returns>False at the end of the content.</returns>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_ended) return false;
        if (_end == BufferSize && _start == 0) DiscardStart();
        HashTo(Position);
        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            _bufferPosition += _start;
            (_searched, _end, _start) = (_searched - _start, _end - _start, 0);
        }
        var read = await content.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        _ended = read == 0;
        return !_ended || _end > _start || _skipping;
    }

    /// <summary>Moves past the line.</summary>
    public void Advance()
    {
        _start = _searched = _next;
        _hasLine = _skipping = false;
    }

    /// <summary>The SHA-256 of the first <see cref="Position"/> bytes.</summary>
    public byte[] GetHash()
    {
        HashTo(Position);
        return _hash.GetCurrentHash();
    }

    /// <summary>The SHA-256 of the bytes before the mark; null while <see cref="Position"/> is before it.</summary>
    public byte[]? HashAtMark
    {
        get
        {
            HashTo(Position);
            return field;
        }
        private set;
    }

    public void Dispose() => _hash.Dispose();

    private bool SetLine(int end, bool terminated)
    {
        _next = terminated ? end + 1 : end;
        IsTooLong = _skipping;
        IsTerminated = terminated;
        _length = end - _start;
        if (_length > 0 && _buffer[end - 1] == '\r') _length--;
        return _hasLine = true;
    }

    /// <summary>Discards the beginning of a line that fills the buffer.</summary>
    private void DiscardStart()
    {
        _skipping = true;
        _start = _searched = _end;
    }

    private void HashTo(long position)
    {
        if (mark > 0 && _hashedTo <= mark && mark <= position && _hashedTo < position)
        {
            AppendHash(mark);
            HashAtMark = _hash.GetCurrentHash();
            mark = 0;
        }
        AppendHash(position);
    }

    private void AppendHash(long position)
    {
        if (position == _hashedTo) return;
        _hash.AppendData(_buffer, (int)(_hashedTo - _bufferPosition), (int)(position - _hashedTo));
        _hashedTo = position;
    }
}
