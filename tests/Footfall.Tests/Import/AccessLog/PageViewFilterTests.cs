using System.Text;
using Footfall.Import.AccessLog;

namespace Footfall.Tests.Import.AccessLog;

public sealed class PageViewFilterTests
{
    [Theory]
    [InlineData("GET", "/", 200, SkipReason.None)]
    [InlineData("GET", "/shop/lamp.html?x=1.png", 304, SkipReason.None)]
    [InlineData("GET", "/v1.2/lamps", 299, SkipReason.None)]
    [InlineData("HEAD", "/", 200, SkipReason.Method)]
    [InlineData("", "", 408, SkipReason.Method)]
    [InlineData("GET", "/", 301, SkipReason.Status)]
    [InlineData("GET", "/logo.png", 404, SkipReason.Status)]
    [InlineData("GET", "/logo.PNG?v=2", 200, SkipReason.StaticFile)]
    [InlineData("GET", "https://shop.example/app.js#x", 200, SkipReason.StaticFile)]
    [InlineData("GET", "/robots.txt", 200, SkipReason.StaticFile)]
    public void Only_pages_count(string method, string target, int status, object expected) =>
        Assert.Equal(expected, Judge(new PageViewFilter(includeAssets: false, long.MaxValue), method, target, status));

    [Fact]
    public void Static_files_count_when_they_are_included() =>
        Assert.Equal(SkipReason.None, Judge(new PageViewFilter(includeAssets: true, long.MaxValue), "GET", "/logo.png", 200));

    [Fact]
    public void A_time_in_the_future_does_not_count() =>
        Assert.Equal(SkipReason.Future, Judge(new PageViewFilter(includeAssets: true, latest: -1), "GET", "/", 200));

    [Theory]
    [InlineData("/a?b#c", "/a")]
    [InlineData("http://shop.example", "/")]
    [InlineData("http://shop.example/a/b?c", "/a/b")]
    [InlineData("*", "*")]
    [InlineData("", "")]
    public void The_path_is_what_is_left_of_a_target(string target, string path) =>
        Assert.Equal(path, Encoding.UTF8.GetString(PageViewFilter.GetPath(Encoding.UTF8.GetBytes(target))));

    private static SkipReason Judge(PageViewFilter rule, string method, string target, int status) =>
        rule.GetSkipReason(
            new AccessLogLine { Method = Encoding.UTF8.GetBytes(method), Target = Encoding.UTF8.GetBytes(target), Status = status });
}
