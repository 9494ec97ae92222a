using System.Text.Json;
using System.Text.Json.Serialization;
using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History;
using Microsoft.Data.Sqlite;

namespace Footfall.Hosting.Admin;

/// <summary><c>POST /delete-site?domain=…</c> on the admin socket. It runs to the end even if the client disconnects.</summary>
internal sealed class SiteErasureEndpoint(SiteEraser eraser, IHostApplicationLifetime lifetime, ILogger<SiteErasureEndpoint> log)
{
    public const string Path = "/delete-site";

    public async Task PostAsync(HttpContext context)
    {
        if (SiteRegistry.NormalizeDomain(context.Request.Query["domain"].ToString()) is not { } domain
            || !HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            await context.Response.WriteAsync("That is not a domain.", CancellationToken.None);
            return;
        }
        try
        {
            var summary = await eraser.EraseAsync(domain, serving: true, lifetime.ApplicationStopping);
            log.SiteDeleted(domain, summary.Visits, summary.Hits);
            await context.Response.WriteAsJsonAsync(summary, DeletionJson.Default.DeletionSummary,
                cancellationToken: CancellationToken.None);
        }
        catch (Exception error) when (IsStoreError(error))
        {
            log.DeletionFailed(error.Message);
            context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            await context.Response.WriteAsync(Describe(domain, error), CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    /// <summary>Whether a disk or a file is at fault, and not the program.</summary>
    public static bool IsStoreError(Exception error) =>
        error is SqliteException or DuckDBException or IOException or UnauthorizedAccessException;

    public static string Describe(string domain, Exception error) =>
        $"{domain} was not deleted completely: {HistoryFault.Describe(error.Message)} The deletion continues by itself while the server "
            + $"runs and when it starts, or with the same command.";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DeletionSummary))]
internal sealed partial class DeletionJson : JsonSerializerContext;
