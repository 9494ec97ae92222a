using System.Text.Json.Nodes;
using Footfall.Common;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Footfall.Tests.Hosting;

public sealed class OpenApiDocumentTests
{
    /// <summary>Routes that are in the document under another path, or are not part of the API.</summary>
    private static readonly string[] Undocumented = ["/healthz", "/metrics", "/api/v1/docs/{**file}"];

    [Fact]
    public async Task The_document_is_valid()
    {
        await using var app = FootfallApp.Start();
        var read = OpenApiDocument.Parse(await DocumentAsync(app), "json");
        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic.SpecificationVersion);
    }

    [Fact]
    public async Task Every_route_is_in_the_document_and_nothing_else_is()
    {
        await using var app = FootfallApp.Start();
        var routes = app.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(route => !Undocumented.Contains(route.RoutePattern.RawText))
            // HEAD is what GET is, without the body.
            .SelectMany(route => (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["ANY"]).Where(method =>
                method != "HEAD").Select(method => $"{method} {route.RoutePattern.RawText}"));
        var document = JsonNode.Parse(await DocumentAsync(app))!;
        var described = document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}"));
        Assert.Equal(routes.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_operation_has_an_example_of_each_answer()
    {
        await using var app = FootfallApp.Start();
        var document = JsonNode.Parse(await DocumentAsync(app))!;
        foreach (var (path, operations) in document["paths"]!.AsObject())
            foreach (var (method, operation) in operations!.AsObject())
            {
                Assert.NotNull(operation!["summary"]);
                Assert.NotNull(operation["operationId"]);
                foreach (var (status, response) in operation["responses"]!.AsObject())
                    foreach (var (type, media) in response!["content"]?.AsObject() ?? [])
                        Assert.True(media!["example"] is not null
                            || media["examples"] is JsonObject { Count: > 0 }, $"{method} {path} {status} {type} has no example");
            }
    }

    [Fact]
    public async Task Error_answers_are_described_as_they_are_given()
    {
        await using var app = FootfallApp.Start();
        var document = JsonNode.Parse(await DocumentAsync(app))!;
        using var answer = await app.Http.PostAsync("/api/v1/stats", null, TestContext.Current.CancellationToken);
        var responses = document["paths"]!["/api/v1/stats"]!["post"]!["responses"]!;
        var described = responses[$"{(int)answer.StatusCode}"]!["content"]!["application/json"]!["examples"]!
            ["MISSING_COUNTRY_CODE"]!["value"];
        Assert.True(JsonNode.DeepEquals(described,
            JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))));
    }

    [Fact]
    public async Task Every_code_is_in_the_document()
    {
        await using var app = FootfallApp.Start();
        var document = JsonNode.Parse(await DocumentAsync(app))!;
        var codes = document["components"]!["schemas"]!["Error"]!["properties"]!["code"]!["enum"]!.AsArray()
            .Select(code => code!.GetValue<string>());
        Assert.Equal(Enum.GetValues<RejectReason>().Where(reason => reason != RejectReason.None)
            .Select(reason => Rejections.Get(reason).Code).Order(StringComparer.Ordinal), codes);
    }

    [Fact]
    public async Task Swagger_UI_comes_whole_from_this_server()
    {
        await using var app = FootfallApp.Start();
        using var start = await app.Http.GetAsync("/api/v1/docs", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MovedPermanently, start.StatusCode);
        var page = new Uri(new Uri(app.Address, "/api/v1/docs"), start.Headers.Location!);
        var html = await app.Http.GetStringAsync(page, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("//", html.Replace("<!-- HTML for static distribution bundle build -->", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
        foreach (var file in (string[])["swagger-ui.css", "index.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js",
            "index.js", "favicon-32x32.png"])
        {
            Assert.Contains(file, html, StringComparison.Ordinal);
            using var asset = await app.Http.GetAsync(new Uri(page, file), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, asset.StatusCode);
        }
        Assert.Contains("/api/v1/docs.json",
            await app.Http.GetStringAsync(new Uri(page, "index.js"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/docs.json", "br")]
    [InlineData("/api/v1/docs.json", "gzip")]
    [InlineData("/api/v1/docs/swagger-ui-bundle.js", "br")]
    [InlineData("/metrics", "gzip")]
    public async Task Large_responses_are_compressed_on_request(string path, string encoding)
    {
        await using var app = FootfallApp.Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept-Encoding", encoding);
        using var answer = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal([encoding], answer.Content.Headers.ContentEncoding);
        Assert.Contains("Accept-Encoding", answer.Headers.Vary);
    }

    [Theory]
    [InlineData("POST", "/api/v1/stats?countryCode=us")]
    [InlineData("POST", "/api/v1/events")]
    public async Task Answers_to_hits_are_not(string method, string path)
    {
        await using var app = FootfallApp.Start();
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = JsonContent.Create(new { url = "/" }) };
        request.Headers.Add("Accept-Encoding", "br, gzip");
        using var answer = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
        Assert.Empty(answer.Content.Headers.ContentEncoding);
    }

    private static Task<string> DocumentAsync(FootfallApp app) =>
        app.Http.GetStringAsync("/api/v1/docs.json", TestContext.Current.CancellationToken);
}
