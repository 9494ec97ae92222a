namespace Footfall.Live;

/// <summary>The last messages of a stream, numbered without gaps. Not thread-safe.</summary>
internal sealed class MessageRing
{
    /// <summary>A minute of messages at the highest rate.</summary>
    public const int MaxMessages = 600;

    /// <summary>The most bytes kept for clients that reconnect.</summary>
    public const int MaxBytes = 1 << 20;

    private byte[]?[] _messages = new byte[8][];
    private int _bytes;

    /// <summary>The number of the newest message; 0 before the first message.</summary>
    public long Newest { get; private set; }

    /// <summary>The number after which all messages are kept.</summary>
    public long Oldest { get; private set; }

    public void Add(byte[] message)
    {
        if (Newest - Oldest == _messages.Length) GrowOrDrop();
        Newest++;
        GetSlot(Newest) = message;
        _bytes += message.Length;
        while (_bytes > MaxBytes) DropOldest();
    }

    /// <summary>The message after a number.</summary>
    /// <param name="after">At least <see cref="Oldest"/>, less than <see cref="Newest"/>.</param>
    public byte[] Next(long after) => GetSlot(after + 1)!;

    private ref byte[]? GetSlot(long number) => ref _messages[number % _messages.Length];

    private void GrowOrDrop()
    {
        if (_messages.Length >= MaxMessages)
        {
            DropOldest();
            return;
        }
        var larger = new byte[Math.Min(_messages.Length * 2, MaxMessages)][];
        for (var number = Oldest + 1; number <= Newest; number++) larger[number % larger.Length] = GetSlot(number)!;
        _messages = larger;
    }

    private void DropOldest()
    {
        ref var oldest = ref GetSlot(++Oldest);
        _bytes -= oldest!.Length;
        oldest = null;
    }
}
