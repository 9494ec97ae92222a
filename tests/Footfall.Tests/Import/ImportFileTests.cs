using System.IO.Compression;
using System.Text;
using Footfall.Import;
using static Footfall.Tests.Import.AccessLog.AccessLogBuilder;

namespace Footfall.Tests.Import;

public sealed class ImportFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_gzip_file_of_several_members_is_read_to_its_end()
    {
        var path = Write("a.log", [.. Zip(Line(0)), .. Zip(Line(1))]);
        await using var content = ImportFile.Open(path);
        using var text = new StreamReader(content);
        Assert.Equal(Line(0) + Line(1), await text.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal((2, new FileInfo(path).Length), (content.Lines, content.ReadOnDisk));
    }

    [Fact]
    public async Task A_gzip_file_that_is_cut_off_is_damaged()
    {
        await using var content =
            ImportFile.Open(Write("a.gz", Zip(string.Concat(Enumerable.Range(0, 1_000).Select(i => Line(i))))[..^20]));
        await Assert.ThrowsAsync<InvalidDataException>(() => content.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(new byte[] { 0x28, 0xb5, 0x2f, 0xfd, 0 }, "Zstandard")]
    [InlineData(new byte[] { 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0 }, "xz")]
    [InlineData(new byte[] { 0x42, 0x5a, 0x68, 0x39 }, "bzip2")]
    public void Another_compression_is_refused_with_a_sentence(byte[] begin, string name) =>
        Assert.Contains(name, Assert.Throws<ImportException>(() => ImportFile.Open(Write("a", begin))).Message);

    [Fact]
    public void A_directory_and_a_missing_file_are_refused_with_a_sentence()
    {
        Assert.Contains("is a directory", Assert.Throws<ImportException>(() => ImportFile.Open(_directory)).Message);
        Assert.Contains("does not exist", Assert.Throws<ImportException>(() => ImportFile.Open(Path.Combine(_directory, "none"))).Message);
    }

    [Fact]
    public async Task The_first_time_is_that_of_the_first_line_that_can_be_read()
    {
        Assert.Equal(Start.AddMinutes(7).ToUnixTimeMilliseconds(), await ImportFile.ReadFirstTimeAsync(
            Write("a", Encoding.UTF8.GetBytes("?\n\n" + Line(7) + Line(8))), TestContext.Current.CancellationToken));
        Assert.Null(await ImportFile.ReadFirstTimeAsync(Write("b", "nothing here"u8.ToArray()), TestContext.Current.CancellationToken));
    }

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private static byte[] Zip(string text)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest)) zip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }
}
