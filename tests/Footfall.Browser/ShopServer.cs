using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Footfall.Browser;

/// <summary>A shop on an origin of its own: every path is a page with the tag of the tracker.</summary>
internal sealed class ShopServer(WebApplication app, Func<string> footfall) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, string> _bodies = new();

    /// <summary>The address, without a slash at its end.</summary>
    public string Address => app.Urls.Single();

    /// <summary>The attributes of the tag of the tracker.</summary>
    public string Tag { get; set; } = "data-site=\"shop.example\"";

    /// <summary>The tracker's file.</summary>
    public string Script { get; set; } = "footfall.js";

    /// <param name="footfall">The address of the server that counts.</param>
    public static async Task<ShopServer> StartAsync(Func<string> footfall)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var shop = new ShopServer(app, footfall);
        app.Run(shop.SendAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return shop;
    }

    /// <summary>Puts HTML on a page, before the tag.</summary>
    public string Page(string path, string html)
    {
        _bodies[path] = html;
        return Address + path;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private Task SendAsync(HttpContext http)
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsync($"""
            <!doctype html><title>Shop</title><link rel="icon" href="data:,">
            {_bodies.GetValueOrDefault(http.Request.Path)}
            <script defer src="{footfall()}/{Script}" {Tag}></script>
            """);
    }
}
