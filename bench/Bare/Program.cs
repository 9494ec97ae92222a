// The yardstick: Kestrel and a minimal API as `dotnet new web` makes them, sending the responses of Footfall and doing nothing.
var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();
var app = builder.Build();
var stats = File.Exists(args.ElementAtOrDefault(0)) ? File.ReadAllBytes(args[0]) : "{}"u8.ToArray();
app.MapPost("/api/v1/stats", (string countryCode, HttpContext http) =>
{
    http.Response.StatusCode = 201;
    http.Response.ContentType = "application/json; charset=utf-8";
    http.Response.ContentLength = 8;
    return http.Response.Body.WriteAsync("{\"us\":1}"u8.ToArray()).AsTask();
});
app.MapGet("/api/v1/stats", (HttpContext http) =>
{
    http.Response.ContentType = "application/json; charset=utf-8";
    http.Response.ContentLength = stats.Length;
    return http.Response.Body.WriteAsync(stats).AsTask();
});
app.Run();
