using System.Net.Mime;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace Footfall.Hosting;

/// <summary><c>/api/v1/docs.json</c>, the OpenAPI document, and <c>/api/v1/docs</c>, Swagger UI on it.</summary>
internal static class OpenApiEndpoints
{
    private const string Docs = "/api/v1/docs";

    public static void MapOpenApi(this IEndpointRouteBuilder routes)
    {
        var document = OpenApiDocument.Read();
        routes.MapGet($"{Docs}.json", () => TypedResults.Bytes(document, MediaTypeNames.Application.Json));
        routes.MapGet($"{Docs}/{{**file}}", SwaggerUi(routes));
    }

    /// <summary>
    /// A separate pipeline behind a route: as middleware it would match a regular expression against the path of every request.
    /// </summary>
    private static RequestDelegate SwaggerUi(IEndpointRouteBuilder routes) => routes.CreateApplicationBuilder()
        .Use(next => http =>
        {
            // The static file middleware skips requests that have an endpoint.
            http.SetEndpoint(null);
            return next(http);
        })
        .UseSwaggerUI(ui =>
        {
            ui.RoutePrefix = Docs[1..];
            ui.DocumentTitle = "Footfall API";
            ui.SwaggerEndpoint($"{Docs}.json", "Footfall");
            ui.DocExpansion(DocExpansion.List);
            ui.DisplayRequestDuration();
        })
        .Build();
}
