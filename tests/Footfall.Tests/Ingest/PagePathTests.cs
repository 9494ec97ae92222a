using System.Text;
using System.Text.Unicode;
using CsCheck;
using Footfall.Ingest;

namespace Footfall.Tests.Ingest;

public sealed class PagePathTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/käse", "/käse")]
    [InlineData("/k%C3%A4se", "/käse")]
    [InlineData("/k%c3%a4se/%F0%9F%92%A1", "/käse/💡")]
    [InlineData("/%D9%85%D8%B1%D8%AD%D8%A8%D8%A7", "/مرحبا")]
    [InlineData("/desk%20lamp", "/desk lamp")]
    [InlineData("/%61%2E", "/a.")]
    // These would mean something else, or be decoded once more by the next who reads them.
    [InlineData("/a%2Fb%2fc", "/a%2Fb%2fc")]
    [InlineData("/a%3Fb%23c", "/a%3Fb%23c")]
    [InlineData("/100%25/%2541/%25C3%25A4", "/100%25/%2541/%25C3%25A4")]
    [InlineData("/%C3%A4%2F", "/ä%2F")]
    // No escapes.
    [InlineData("/100%", "/100%")]
    [InlineData("/%4", "/%4")]
    [InlineData("/%C3%A4%zz", "/%C3%A4%zz")]
    [InlineData("/%C3%A4%-1", "/%C3%A4%-1")]
    [InlineData("/%C3%A4%2%41", "/%C3%A4%2%41")]
    // Control characters.
    [InlineData("/%C3%A4%00", "/%C3%A4%00")]
    [InlineData("/%C3%A4%0A", "/%C3%A4%0A")]
    [InlineData("/%C3%A4%7F", "/%C3%A4%7F")]
    [InlineData("/%C2%85", "/%C2%85")]
    [InlineData("/\u00C2%85", "/\u00C2%85")]
    // No UTF-8: another encoding, an overlong form, half of a character, half of a surrogate pair.
    [InlineData("/k%E4se", "/k%E4se")]
    [InlineData("/%C0%AF", "/%C0%AF")]
    [InlineData("/%E3%82", "/%E3%82")]
    [InlineData("/%E3%82%A", "/%E3%82%A")]
    [InlineData("/%ED%A0%BD", "/%ED%A0%BD")]
    [InlineData("/ä%A4", "/ä%A4")]
    public void A_path_is_decoded_as_far_as_it_is_text(string path, string expected) => Assert.Equal(expected, Decode(path));

    [Fact]
    public void Any_path_stays_valid_and_is_the_same_when_it_is_decoded_again() =>
        Gen.OneOf(Gen.OneOf("%", "%2", "%25", "%C3", "%A4", "%2F", "%41", "ä", "a", "%00", "%C2", "%85", "4", "1", "F"),
            Gen.String).Array[0, 12].Sample(parts =>
        {
            var path = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes("/" + string.Concat(parts)));
            var once = Decode(path);
            Assert.True(Utf8.IsValid(Encoding.UTF8.GetBytes(once)));
            Assert.True(once.Count(char.IsControl) <= path.Count(char.IsControl));
            Assert.True(once.Count(letter => letter is '/' or '?' or '#') == path.Count(letter => letter is '/' or '?' or '#'));
            Assert.Equal(once, Decode(once));
        });

    private static string Decode(string path)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        return Encoding.UTF8.GetString(PagePath.Decode(bytes, new byte[bytes.Length]));
    }
}
