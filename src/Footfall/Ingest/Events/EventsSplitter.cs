using System.Text.Json;

namespace Footfall.Ingest.Events;

/// <summary>How the hits of a body are separated.</summary>
internal enum EventsFormat
{
    /// <summary>One JSON object.</summary>
    Object,

    /// <summary>A JSON array of objects.</summary>
    Array,

    /// <summary>One object per line (https://github.com/ndjson/ndjson-spec).</summary>
    Lines,
}

/// <summary>Finds one hit after the other in a body: its bytes, and the index that the response names it by.</summary>
internal ref struct EventsSplitter(ReadOnlySpan<byte> body, EventsFormat format)
{
    private readonly ReadOnlySpan<byte> _body = body;
    private int _offset;

    /// <summary>The index of <see cref="Current"/>: the element of the array, or the line, blank ones counted; from 0.</summary>
    public int Index { get; private set; } = -1;

    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Whether the array itself is broken at <see cref="Index"/>: nothing can be found from there on.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Moves to the next hit.</summary>
    public bool MoveNext()
    {
        switch (format)
        {
            case EventsFormat.Lines: return NextLine();
            case EventsFormat.Array: return NextElement();
            default:
                Current = _body;
                return ++Index == 0;
        }
    }

    /// <summary>Chooses by the content type, and if that is ambiguous (a beacon's text) by the first bytes.</summary>
    /// <returns>False for a type that is not supported.</returns>
    public static bool TryDetectFormat(string? contentType, ReadOnlySpan<byte> body, out EventsFormat format)
    {
        var type = contentType.AsSpan();
        var end = type.IndexOf(';');
        if (end >= 0) type = type[..end];
        type = type.Trim();
        format = Sniff(body);
        if (IsMediaType(type, "application/x-ndjson") || IsMediaType(type, "application/ndjson") || IsMediaType(type, "application/jsonl")
            || IsMediaType(type, "application/x-jsonlines"))
        {
            format = EventsFormat.Lines;
            return true;
        }
        if (IsMediaType(type, "application/json"))
        {
            if (format == EventsFormat.Lines) format = EventsFormat.Object;
            return true;
        }
        return type.IsEmpty || IsMediaType(type, "text/plain");
    }

    /// <summary>
    /// Whether there are more hits than a limit. Known before the first is read, so that a request rejected for it has no effect.
    /// </summary>
    public static bool HasMoreThan(int limit, ReadOnlySpan<byte> body, EventsFormat format)
    {
        // A hit and its separator take at least two bytes, one of them the separator. Counting bytes is vectorized,
        // and settles it for nearly every body.
        if (format == EventsFormat.Object || body.Length <= limit * 2) return false;
        if (body.Count(format == EventsFormat.Lines ? (byte)'\n' : (byte)',') < limit) return false;
        var hits = new EventsSplitter(body, format);
        var count = 0;
        while (hits.MoveNext())
            if (++count > limit) return true;
        return false;
    }

    private static EventsFormat Sniff(ReadOnlySpan<byte> body)
    {
        var text = body.TrimStart(" \t\r\n"u8);
        if (text is [(byte)'[', ..]) return EventsFormat.Array;
        // A second line that begins an object: pretty-printed JSON never has that in its first column.
        return text.IndexOf("\n{"u8) >= 0 ? EventsFormat.Lines : EventsFormat.Object;
    }

    private static bool IsMediaType(ReadOnlySpan<char> type, string name) => type.Equals(name, StringComparison.OrdinalIgnoreCase);

    private bool NextLine()
    {
        while (_offset < _body.Length)
        {
            var rest = _body[_offset..];
            var end = rest.IndexOf((byte)'\n');
            Current = end < 0 ? rest : rest[..end];
            _offset += end < 0 ? rest.Length : end + 1;
            Index++;
            if (Current.ContainsAnyExcept(" \t\r"u8)) return true;
        }
        return false;
    }

    private bool NextElement()
    {
        if (_offset < 0) return false;
        try
        {
            // The bracket or comma before the element is skipped by hand; the element's end is found by the JSON reader.
            var start = SkipWhitespace(_offset);
            var opening = Index < 0 ? (byte)'[' : (byte)',';
            if (start < _body.Length && _body[start] == ']' && Index >= 0) return EndArray(start);
            if (start >= _body.Length || _body[start] != opening) return Fail();
            start = SkipWhitespace(start + 1);
            if (Index < 0 && start < _body.Length && _body[start] == ']') return EndArray(start);
            var reader = new Utf8JsonReader(_body[start..], isFinalBlock: false, default);
            if (!reader.Read() || !reader.TrySkip()) return Fail();
            Current = _body.Slice(start, (int)reader.BytesConsumed);
            _offset = start + (int)reader.BytesConsumed;
            Index++;
            return true;
        }
        catch (JsonException)
        {
            return Fail();
        }
    }

    private bool EndArray(int bracket)
    {
        if (SkipWhitespace(bracket + 1) < _body.Length) return Fail();
        _offset = -1;
        return false;
    }

    private bool Fail()
    {
        IsMalformed = true;
        Index++;
        _offset = -1;
        return false;
    }

    private readonly int SkipWhitespace(int offset)
    {
        while (offset < _body.Length && _body[offset] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') offset++;
        return offset;
    }
}
