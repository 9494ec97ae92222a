using System.Text;
using CsCheck;
using Footfall.Ingest;

namespace Footfall.Tests.Ingest;

public sealed class PageUrlTests
{
    private static readonly Gen<string> Word = Gen.OneOf("shop", "a", "É", "x-y", "%20", "漢字", "~");
    private static readonly Gen<string> Host =
        Gen.OneOf("shop.example", "SHOP.example", "shop.example:8080", "127.0.0.1", "[::1]:80", "xn--mnchen-3ya.example");
    private static readonly Gen<string> Path = Word.Array[0, 4].Select(words => string.Concat(words.Select(word => "/" + word)));
    private static readonly Gen<string> Scheme = Gen.OneOf("https://", "http://", "HTTPS://", "Http://");

    [Fact]
    public void A_url_is_split_as_RFC_3986_says() => Gen.Select(Scheme, Gen.OneOf("", "user@", "user:pass@", "a@b@"), Host, Path,
        Gen.OneOf("", "?", "?a=b", "?/x@y:z#?"), Gen.OneOf("", "#", "#a/b?c@d"))
        .Sample((scheme, user, host, path, query, fragment) =>
        {
            var url = scheme + user + host + path + query + fragment;
            var parts = Split(url, allowPath: true);
            Assert.NotNull(parts);
            Assert.Equal(host, parts.Host);
            Assert.Equal(path.Length == 0 ? "/" : path, parts.Path);
            Assert.Equal((scheme, host + path), (parts.Scheme, parts.HostAndPath));
            Assert.Equal(query.Split('#')[0].TrimStart('?'), parts.Query);
            if (user.Count(c => c == '@') < 2) Assert.Equal(new Uri(url).IdnHost, new Uri("http://" + parts.Host).IdnHost);
        });

    [Fact]
    public void A_path_alone_is_a_url_but_no_referrer() =>
        Gen.Select(Path, Gen.OneOf("", "?a=b", "#c")).Where((path, _) => path.Length > 0).Sample((path, rest) =>
    {
        var parts = Split(path + rest, allowPath: true);
        Assert.Equal(("", path), (parts?.Host, parts?.Path));
        Assert.Null(Split(path + rest, allowPath: false));
    });

    [Theory]
    [InlineData("shop.example")]
    [InlineData("https:/shop.example")]
    [InlineData("https//shop.example")]
    [InlineData("https://")]
    [InlineData("https:///path")]
    [InlineData("https://?a")]
    [InlineData("https://#a")]
    [InlineData("https://:80/")]
    [InlineData("https://user@")]
    [InlineData("https://user@:80/")]
    [InlineData("ftp://shop.example/")]
    [InlineData("data:text/html,x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://shop.example/a b")]
    [InlineData(" https://shop.example/")]
    [InlineData("?a=b")]
    public void What_is_no_url_of_the_web_is_refused(string url) => Assert.Null(Split(url, allowPath: true));

    [Fact]
    public void Text_of_any_kind_is_split_or_refused_without_an_exception() =>
        Gen.Select(Gen.OneOf("", "/", "http://", "https://a", "https://a?", "https://a@"), Gen.String, Gen.Bool)
            .Sample((start, rest, allowPath) =>
        {
            if (Split(start + rest, allowPath) is not { } parts) return;
            Assert.DoesNotContain("?", parts.HostAndPath);
            Assert.DoesNotContain("#", parts.HostAndPath + parts.Query);
            Assert.DoesNotContain("@", parts.Host);
        });

    [Theory]
    [InlineData("/?utm_source=mail&utm_medium=a%20b+c&x=secret", "utm_source=mail utm_medium=a b c")]
    [InlineData("/?ref=a&ref=b&source=c", "ref=a source=c")]
    [InlineData("/?utm_campaign=%C3%BC&utm_term=%FF&utm_content=%", "utm_campaign=ü utm_term=\uFFFD utm_content=%")]
    [InlineData("/?utm_source=&utm_medium&=x&&", "")]
    [InlineData("/?utm_source=a%00b&utm_medium=a%0Ab&ref=fine", "ref=fine")]
    [InlineData("/?token=utm_source=x&email=ref=y", "")]
    [InlineData("/#?utm_source=x", "")]
    [InlineData("/", "")]
    public void Of_the_query_only_what_names_a_source_is_kept(string url, string kept)
    {
        Assert.True(PageUrl.TryParse(Encoding.UTF8.GetBytes(url), allowPath: true, out var split));
        var campaign = split.ReadCampaign();
        Assert.Equal(kept, string.Join(' ', (campaign ?? []).Select(parameter => $"{parameter.Name}={parameter.Value}")));
        Assert.Equal(kept.Length == 0, campaign is null);
    }

    private sealed record Found(string Scheme, string HostAndPath, string Host, string Path, string Query);

    private static Found? Split(string url, bool allowPath)
    {
        if (!PageUrl.TryParse(Encoding.UTF8.GetBytes(url), allowPath, out var split)) return null;
        return new(Text(split.Scheme), Text(split.HostAndPath), Text(split.Host), Text(split.Path), Text(split.Query));
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
