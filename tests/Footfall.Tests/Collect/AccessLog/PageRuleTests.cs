using System.Text;
using Footfall.Collect.AccessLog;

namespace Footfall.Tests.Collect.AccessLog;

public sealed class PageRuleTests
{
    [Theory]
    [InlineData("GET", "/", 200, LeftOut.None)]
    [InlineData("GET", "/shop/lamp.html?x=1.png", 304, LeftOut.None)]
    [InlineData("GET", "/v1.2/lamps", 299, LeftOut.None)]
    [InlineData("HEAD", "/", 200, LeftOut.Method)]
    [InlineData("", "", 408, LeftOut.Method)]
    [InlineData("GET", "/", 301, LeftOut.Status)]
    [InlineData("GET", "/logo.png", 404, LeftOut.Status)]
    [InlineData("GET", "/logo.PNG?v=2", 200, LeftOut.StaticFile)]
    [InlineData("GET", "https://shop.example/app.js#x", 200, LeftOut.StaticFile)]
    [InlineData("GET", "/robots.txt", 200, LeftOut.StaticFile)]
    public void Only_pages_count(string method, string target, int status, object expected) =>
        Assert.Equal(expected, Judge(new PageRule(includeAssets: false, long.MaxValue), method, target, status));

    [Fact]
    public void Static_files_count_when_they_are_asked_for() =>
        Assert.Equal(LeftOut.None, Judge(new PageRule(includeAssets: true, long.MaxValue), "GET", "/logo.png", 200));

    [Fact]
    public void A_time_in_the_future_does_not_count() =>
        Assert.Equal(LeftOut.Future, Judge(new PageRule(includeAssets: true, latest: -1), "GET", "/", 200));

    [Theory]
    [InlineData("/a?b#c", "/a")]
    [InlineData("http://shop.example", "/")]
    [InlineData("http://shop.example/a/b?c", "/a/b")]
    [InlineData("*", "*")]
    [InlineData("", "")]
    public void The_path_is_what_is_left_of_a_target(string target, string path) => Assert.Equal(path, Encoding.UTF8.GetString(PageRule.Path(Encoding.UTF8.GetBytes(target))));

    private static LeftOut Judge(PageRule rule, string method, string target, int status) =>
        rule.Judge(new AccessLogLine { Method = Encoding.UTF8.GetBytes(method), Target = Encoding.UTF8.GetBytes(target), Status = status });
}
