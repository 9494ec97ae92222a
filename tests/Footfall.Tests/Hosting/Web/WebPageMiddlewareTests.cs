using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Footfall.Hosting.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Footfall.Tests.Hosting.Web;

public sealed partial class WebPageMiddlewareTests : IDisposable
{
    private const string Script = "/_next/static/chunks/a1b2.js";

    private readonly TemporaryDirectory _directory = new();

    public WebPageMiddlewareTests()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "_next/static/chunks"));
        Write("index.html", "<html>front</html>");
        Write("analytics.html", "<html>analytics</html>");
        Write("404.html", "<html>nothing</html>");
        foreach (var ending in (string[])["", ".br", ".gz"]) Write($"_next/static/chunks/a1b2.js{ending}", $"script{ending}");
        Write("demo.html", "<html>demo</html>");
        Write("footfall.js", "tracker");
        Write("secret.txt", "not in the list");
        Write("web.json", """
            {"files": [
              {"path": "/", "file": "index.html", "type": "text/html; charset=utf-8", "tag": "t1", "scripts": ["'sha256-abc='"]},
              {"path": "/analytics", "file": "analytics.html", "type": "text/html; charset=utf-8", "tag": "t2", "scripts": []},
              {"path": "/404", "file": "404.html", "type": "text/html; charset=utf-8", "tag": "t3", "scripts": []},
              {"path": "/_next/static/chunks/a1b2.js", "file": "_next/static/chunks/a1b2.js", "type": "text/javascript; charset=utf-8",
             "tag": "t4", "immutable": true, "encodings": ["br", "gz"]},
              {"path": "/demo", "file": "demo.html", "type": "text/html; charset=utf-8", "tag": "t5", "demo": true, "scripts": []},
              {"path": "/footfall.js", "file": "footfall.js", "type": "text/javascript; charset=utf-8", "tag": "t6", "shared": true}
            ]}
            """);
    }

    [Theory]
    [InlineData("/", "<html>front</html>")]
    [InlineData("/analytics", "<html>analytics</html>")]
    [InlineData("/analytics/", "<html>analytics</html>")]
    public async Task A_page_is_revalidated_each_time_and_sent_when_it_is_new(string path, string text)
    {
        await using var app = Start();
        using var answer = await GetAsync(app, path);
        Assert.Equal((HttpStatusCode.OK, text), (answer.StatusCode, await TextAsync(answer)));
        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-cache", answer.Headers.CacheControl!.ToString());

        using var again = await GetAsync(app, path, ("If-None-Match", $"\"other\", W/{answer.Headers.ETag}"));
        Assert.Equal((HttpStatusCode.NotModified, ""), (again.StatusCode, await TextAsync(again)));
        Assert.Equal(answer.Headers.ETag, again.Headers.ETag);
    }

    [Fact]
    public async Task A_page_allows_its_own_scripts_by_their_hashes_and_nothing_else()
    {
        await using var app = Start();
        using var answer = await GetAsync(app, "/");
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self' 'sha256-abc=';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    [Theory]
    [InlineData("br, gzip", "br", "script.br")]
    [InlineData("gzip, deflate", "gzip", "script.gz")]
    [InlineData("br;q=0, gzip;q=0.5", "gzip", "script.gz")]
    [InlineData("identity", null, "script")]
    [InlineData(null, null, "script")]
    public async Task A_script_is_sent_in_an_accepted_encoding_and_cached_forever(string? accepted, string? encoding, string text)
    {
        await using var app = Start();
        using var answer = await GetAsync(app, Script, accepted is null ? [] : [("Accept-Encoding", accepted)]);
        Assert.Equal(text, await TextAsync(answer));
        Assert.Equal(encoding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal("public, max-age=31536000, immutable", answer.Headers.CacheControl!.ToString());
        Assert.Equal("Accept-Encoding", Assert.Single(answer.Headers.Vary));
        Assert.Equal(text.Length, answer.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task The_tracker_may_be_loaded_by_any_page_and_is_kept_for_an_hour()
    {
        await using var app = Start();
        using var answer = await GetAsync(app, "/footfall.js", ("Origin", "https://shop.example"));
        Assert.Equal("text/javascript; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("cross-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Resource-Policy")));
        Assert.Equal("*", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal((TimeSpan.FromHours(1), true), (answer.Headers.CacheControl!.MaxAge, answer.Headers.CacheControl.Public));
        Assert.NotNull(answer.Headers.ETag);
    }

    [Fact]
    public async Task The_demo_shop_has_no_inline_styles()
    {
        await using var app = Start();
        using var answer = await GetAsync(app, "/demo");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain("unsafe", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, "Demo=false")]
    [InlineData(HttpStatusCode.NotFound, "Sites:0:Domain=shop.example")]
    [InlineData(HttpStatusCode.OK, "Sites:0:Domain=shop.example", "Sites:1:Domain=demo.example")]
    public async Task The_demo_shop_is_there_where_it_is_wanted(HttpStatusCode status, params string[] settings)
    {
        await using var app = FootfallApp.Start(services => services.AddSingleton(new WebFiles(_directory)),
            [.. settings.Select(setting => setting.Split('=')).Select(pair => (pair[0], pair[1]))]);
        using var answer = await GetAsync(app, "/demo");
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Each_encoding_has_a_tag_of_its_own()
    {
        await using var app = Start();
        using var plain = await GetAsync(app, Script);
        using var packed = await GetAsync(app, Script, ("Accept-Encoding", "br"));
        Assert.NotEqual(plain.Headers.ETag, packed.Headers.ETag);
    }

    [Fact]
    public async Task HEAD_has_the_headers_alone()
    {
        await using var app = Start();
        using var answer = await app.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/"), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, 18), (answer.StatusCode, answer.Content.Headers.ContentLength));
        Assert.Equal("", await TextAsync(answer));
    }

    [Theory]
    [InlineData("/nothing", "text/html", "<html>nothing</html>")]
    [InlineData("/secret.txt", "text/html", "<html>nothing</html>")]
    [InlineData("/web.json", "text/html", "<html>nothing</html>")]
    [InlineData("/..%2fsecret.txt", "text/html", "<html>nothing</html>")]
    [InlineData("/nothing", "*/*", "NOT_FOUND")]
    [InlineData("/api/v1/nothing", "text/html", "NOT_FOUND")]
    public async Task What_is_not_there_is_a_page_for_a_person_and_an_error_for_a_program(string path, string accept, string expected)
    {
        await using var app = Start();
        using var answer = await GetAsync(app, path, ("Accept", accept));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains(expected, await TextAsync(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/ping")]
    [InlineData("/healthz")]
    [InlineData("/metrics")]
    [InlineData("/api/v1/docs.json")]
    public async Task What_is_no_page_is_as_without_pages(string path)
    {
        await using var app = Start();
        using var answer = await GetAsync(app, path, ("Accept", "text/html"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain("<html>", await TextAsync(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_pages_the_front_page_says_what_to_install()
    {
        using var empty = new TemporaryDirectory();
        await using var app = FootfallApp.Start(services => services.AddSingleton(new WebFiles(empty)));
        using var answer = await GetAsync(app, "/");
        Assert.Equal((HttpStatusCode.OK, WebPageMiddleware.MissingPagesMessage), (answer.StatusCode, await TextAsync(answer)));
        using var other = await GetAsync(app, "/analytics", ("Accept", "text/html"));
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    /// <summary>The pages that were built with the program: where it was built without them, there is nothing to look at.</summary>
    [Fact]
    public async Task The_real_pages_come_from_this_server_alone_and_all_their_scripts_are_allowed()
    {
        await using var app = FootfallApp.Start();
        var files = app.Services.GetRequiredService<WebFiles>();
        if (!files.HasFiles) return;
        foreach (var path in (string[])["/", "/analytics"])
        {
            using var answer = await GetAsync(app, path);
            var (html, policy) = (await TextAsync(answer), Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
            foreach (Match script in InlineScript().Matches(html))
                Assert.Contains($"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script.Groups["code"].Value)))}'",
                    policy, StringComparison.Ordinal);
            foreach (Match source in Source().Matches(html))
            {
                Assert.StartsWith("/", source.Groups["url"].Value, StringComparison.Ordinal);
                using var file = await GetAsync(app, WebUtility.HtmlDecode(source.Groups["url"].Value), ("Accept-Encoding", "br"));
                Assert.Equal(HttpStatusCode.OK, file.StatusCode);
            }
        }
    }

    public void Dispose() => _directory.Dispose();

    private FootfallApp Start() => FootfallApp.Start(services => services.AddSingleton(new WebFiles(_directory)));

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_directory, file), text);

    private static async Task<HttpResponseMessage> GetAsync(FootfallApp app, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(app.Address.GetLeftPart(UriPartial.Authority) + path,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        foreach (var (name, value) in headers) Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        return await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) =>
        answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    [GeneratedRegex("""<script(?![^>]*\ssrc=)[^>]*>(?<code>[\s\S]+?)</script>""")]
    private static partial Regex InlineScript();

    [GeneratedRegex("""<(?:script|link|img)[^>]*\s(?:src|href)="(?<url>[^"]+)""")]
    private static partial Regex Source();
}
