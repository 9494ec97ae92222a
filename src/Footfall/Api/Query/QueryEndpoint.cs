using System.Buffers;
using System.Text.Json;
using Footfall.Common;
using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>
/// <c>POST /api/v1/query</c> and <c>POST /api/v2/query</c>: one query in the language of Plausible's Stats API v2. An <c>Authorization</c>
/// header is accepted and ignored, so that Plausible clients work unchanged.
/// </summary>
internal sealed class QueryEndpoint(
    QueryParser parser, QueryConcurrencyLimiter limiter, IClientKeyProvider clients,
    QueryRunner runner, QueryMetrics metrics, ILogger<QueryEndpoint> log)
{
    public async Task PostAsync(HttpContext http)
    {
        try
        {
            var (document, reason) = await QueryBodyReader.ReadAsync(http);
            if (document is null)
            {
                await RejectAsync(http, reason);
                return;
            }
            using (document)
            {
                var run = Execute(parser.Parse(document.RootElement));
                await SendAsync(http, await limiter.RunAsync(clients.GetKey(http), run, http.RequestAborted));
            }
            metrics.Count(QueryMetrics.Answered);
        }
        catch (InvalidQueryException error)
        {
            metrics.Count(Rejections.Get(RejectReason.InvalidQuery).Code);
            await RejectionResponse.WriteAsync(http, RejectReason.InvalidQuery, error.Message);
        }
        catch (QueryQueueFullException)
        {
            await RejectAsync(http, RejectReason.QueryQueueFull);
        }
        catch (TimeoutException)
        {
            await RejectAsync(http, RejectReason.QueryTimeout);
        }
        catch (HistoryUnavailableException error)
        {
            log.HistoryUnavailable(error.Message);
            await RejectAsync(http, RejectReason.HistoryUnavailable);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            metrics.Count(QueryMetrics.Abandoned);
            throw;
        }
        catch
        {
            metrics.Count(Rejections.Get(RejectReason.InternalError).Code);
            throw;
        }
    }

    /// <summary>The response is written while the query holds its slot, which bounds the responses in memory.</summary>
    private Func<CancellationToken, Task<ArrayBufferWriter<byte>>> Execute(QueryRequest request) => async cancellationToken =>
    {
        try
        {
            return request.Funnel is null ? ResultWriter.Write(await runner.RunAsync(request, cancellationToken))
                : ResultWriter.Write(await runner.RunFunnelAsync(request, cancellationToken));
        }
        catch (InvalidPatternException error)
        {
            throw InvalidPattern(error, request);
        }
    };

    private static InvalidQueryException InvalidPattern(InvalidPatternException error, QueryRequest request)
    {
        var compare = ((IEnumerable<Filter>)[request.Filter, .. request.Funnel?.Steps ?? []]).Select(filter =>
            FilterLogic.FindPattern(filter, error.Pattern)).FirstOrDefault(found => found is not null);
        var on = compare is null ? "" : $" of the filter on {DimensionNames.NameOf(compare.Dimension)}";
        return new($"The pattern {InvalidQueryException.Quote(error.Pattern)}{on} is not a regular expression of RE2 " +
            $"(https://github.com/google/re2/wiki/Syntax): {error.Message}.");
    }

    private static Task SendAsync(HttpContext http, ArrayBufferWriter<byte> body)
    {
        http.Response.Headers.CacheControl = "no-store";
        return JsonResponse.WriteAsync(http.Response, body.WrittenMemory, http.RequestAborted);
    }

    private Task RejectAsync(HttpContext http, RejectReason reason)
    {
        metrics.Count(Rejections.Get(reason).Code);
        return RejectionResponse.WriteAsync(http, reason);
    }
}
