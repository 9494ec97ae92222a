using System.Diagnostics;

namespace LiveBench;

/// <summary>When the visits were sent that watchers look out for: of a country that has no other.</summary>
internal sealed class Marks
{
    public const string Country = "aq";

    private readonly long[] _sent = new long[10_000];
    private int _count;

    public static ReadOnlySpan<byte> Key => "\"aq\":"u8;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Notes that one is sent now.</summary>
    public void Send()
    {
        _sent[_count + 1] = Stopwatch.GetTimestamp();
        Volatile.Write(ref _count, _count + 1);
    }

    /// <returns>Milliseconds.</returns>
    public double Since(int mark) => Stopwatch.GetElapsedTime(_sent[mark]).TotalMilliseconds;
}
