using Footfall.Live;

namespace Footfall.Tests.Live;

public sealed class MessageRingTests
{
    private readonly MessageRing _ring = new();

    [Fact]
    public void The_last_messages_are_kept_in_order()
    {
        for (var i = 1; i <= MessageRing.MaxMessages * 2 + 7; i++)
        {
            _ring.Add(BitConverter.GetBytes(i));
            Assert.Equal(i, _ring.Newest);
            Assert.Equal(Math.Max(0, i - MessageRing.MaxMessages), _ring.Oldest);
            for (var after = _ring.Oldest; after < _ring.Newest; after++) Assert.Equal(after + 1, BitConverter.ToInt32(_ring.Next(after)));
        }
    }

    [Fact]
    public void No_more_bytes_are_kept_than_allowed()
    {
        for (var i = 0; i < 10; i++) _ring.Add(new byte[MessageRing.MaxBytes / 4]);
        Assert.Equal(4, _ring.Newest - _ring.Oldest);

        _ring.Add(new byte[MessageRing.MaxBytes + 1]);

        Assert.Equal(_ring.Newest, _ring.Oldest);
    }
}
