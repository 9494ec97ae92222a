namespace Footfall.Live;

/// <summary>The last messages of a stream, numbered without gaps. Not safe for several threads.</summary>
internal sealed class MessageRing
{
    /// <summary>A minute of messages at the highest rate.</summary>
    public const int MaxMessages = 600;

    /// <summary>The most bytes that are kept for those who come back.</summary>
    public const int MaxBytes = 1 << 20;

    private byte[]?[] _messages = new byte[8][];
    private int _bytes;

    /// <summary>The number of the newest message; 0 is that of the state before the first one.</summary>
    public long Newest { get; private set; }

    /// <summary>The number after which all messages are kept.</summary>
    public long Oldest { get; private set; }

    public void Add(byte[] message)
    {
        if (Newest - Oldest == _messages.Length) MakeRoom();
        Newest++;
        At(Newest) = message;
        _bytes += message.Length;
        while (_bytes > MaxBytes) Drop();
    }

    /// <summary>The message after a number.</summary>
    /// <param name="after">At least <see cref="Oldest"/>, less than <see cref="Newest"/>.</param>
    public byte[] Next(long after) => At(after + 1)!;

    private ref byte[]? At(long number) => ref _messages[number % _messages.Length];

    private void MakeRoom()
    {
        if (_messages.Length >= MaxMessages)
        {
            Drop();
            return;
        }
        var larger = new byte[Math.Min(_messages.Length * 2, MaxMessages)][];
        for (var number = Oldest + 1; number <= Newest; number++) larger[number % larger.Length] = At(number)!;
        _messages = larger;
    }

    private void Drop()
    {
        ref var oldest = ref At(++Oldest);
        _bytes -= oldest!.Length;
        oldest = null;
    }
}
