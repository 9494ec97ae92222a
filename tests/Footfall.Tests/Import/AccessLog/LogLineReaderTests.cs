using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Footfall.Import.AccessLog;

namespace Footfall.Tests.Import.AccessLog;

public sealed class LogLineReaderTests
{
    [Fact]
    public async Task Lines_are_split_whatever_chunks_the_content_arrives_in() =>
        await Gen.Select(Gen.String[OneOf('a', 'b', '\n', '\r', ' '), 0, 60], Gen.Int[1, 7], Gen.Int[0, 60])
            .SampleAsync(async (text, piece, mark) =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            using var lines = new LogLineReader(new ChunkedStream(bytes, piece), mark);
            var read = new List<string>();
            while (await NextAsync(lines))
            {
                read.Add(Encoding.UTF8.GetString(lines.Line));
                lines.Advance();
                Assert.Equal(SHA256.HashData(bytes.AsSpan(0, (int)lines.Position)), lines.GetHash());
            }
            var expected = text.Split('\n').Select(line => line.EndsWith('\r') ? line[..^1] : line).ToList();
            if (text.EndsWith('\n') || text == "") expected.RemoveAt(expected.Count - 1);
            Assert.Equal(expected, read);
            Assert.Equal(bytes.Length, lines.Position);
            if (mark > 0 && mark <= bytes.Length) Assert.Equal(SHA256.HashData(bytes.AsSpan(0, mark)), lines.HashAtMark);
            else Assert.Null(lines.HashAtMark);
        });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_line_of_any_length_is_passed_without_memory_for_it(bool terminated)
    {
        var bytes = new byte[3_000_000];
        bytes.AsSpan().Fill((byte)'x');
        "short\n"u8.CopyTo(bytes);
        if (terminated) "\nafter\n"u8.CopyTo(bytes.AsSpan(bytes.Length - 7));
        using var lines = new LogLineReader(new ChunkedStream(bytes, 10_000));
        Assert.True(await NextAsync(lines));
        Assert.Equal("short"u8.ToArray(), lines.Line.ToArray());
        lines.Advance();
        Assert.True(await NextAsync(lines));
        Assert.True(lines.IsTooLong);
        Assert.Equal(terminated, lines.IsTerminated);
        lines.Advance();
        Assert.Equal(SHA256.HashData(bytes.AsSpan(0, (int)lines.Position)), lines.GetHash());
        Assert.Equal(terminated, await NextAsync(lines));
        if (terminated) Assert.Equal("after"u8.ToArray(), lines.Line.ToArray());
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static async Task<bool> NextAsync(LogLineReader lines)
    {
        while (!lines.TryPeek())
            if (!await lines.FillAsync(TestContext.Current.CancellationToken)) return false;
        return true;
    }

    /// <summary>Content that arrives in chunks of some size.</summary>
    private sealed class ChunkedStream(byte[] content, int size) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
