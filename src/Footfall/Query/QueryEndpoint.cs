using System.Buffers;
using System.Text.Json;
using Footfall.History;
using Footfall.Query.Answers;
using Footfall.Query.Language;
using Footfall.Words;

namespace Footfall.Query;

/// <summary>
/// <c>POST /api/v1/query</c> and <c>POST /api/v2/query</c>: one question in the language of Plausible's Stats API v2. An <c>Authorization</c> header is
/// taken and not looked at, so that clients of Plausible need not change.
/// </summary>
internal sealed class QueryEndpoint(
    QueryParser parser, QueryConcurrencyLimiter limiter, IClients clients,
    QueryRunner runner, QueryMetrics metrics, ILogger<QueryEndpoint> log)
{
    public async Task PostAsync(HttpContext http)
    {
        try
        {
            var (document, reason) = await QueryBody.ReadAsync(http);
            if (document is null)
            {
                await RefuseAsync(http, reason);
                return;
            }
            using (document)
            {
                var ask = Ask(parser.Parse(document.RootElement));
                await AnswerAsync(http, await limiter.RunAsync(clients.KeyOf(http), ask, http.RequestAborted));
            }
            metrics.Count(QueryMetrics.Answered);
        }
        catch (InvalidQueryException error)
        {
            metrics.Count(Rejections.Of(RejectReason.InvalidQuery).Code);
            await Refusal.WriteAsync(http, RejectReason.InvalidQuery, error.Message);
        }
        catch (QueryQueueFullException)
        {
            await RefuseAsync(http, RejectReason.QueryQueueFull);
        }
        catch (TimeoutException)
        {
            await RefuseAsync(http, RejectReason.QueryTimeout);
        }
        catch (HistoryUnavailableException error)
        {
            log.HistoryUnavailable(error.Message);
            await RefuseAsync(http, RejectReason.HistoryUnavailable);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            metrics.Count(QueryMetrics.Abandoned);
            throw;
        }
        catch
        {
            metrics.Count(Rejections.Of(RejectReason.InternalError).Code);
            throw;
        }
    }

    /// <summary>The answer is written within the turn of the query: so many are in memory at once.</summary>
    private Func<CancellationToken, Task<ArrayBufferWriter<byte>>> Ask(QueryRequest request) => async cancel =>
    {
        try
        {
            return request.Funnel is null ? AnswerWriter.Write(await runner.RunAsync(request, cancel)) : AnswerWriter.Write(await runner.RunFunnelAsync(request, cancel));
        }
        catch (InvalidPatternException error)
        {
            throw Wrong(error, request);
        }
    };

    private static InvalidQueryException Wrong(InvalidPatternException error, QueryRequest request)
    {
        var compare = ((IEnumerable<Filter>)[request.Filter, .. request.Funnel?.Steps ?? []]).Select(filter => FilterLogic.FindPattern(filter, error.Pattern)).FirstOrDefault(found => found is not null);
        var on = compare is null ? "" : $" of the filter on {DimensionNames.NameOf(compare.Dimension)}";
        return new($"The pattern {InvalidQueryException.Quote(error.Pattern)}{on} is not a regular expression of RE2 (https://github.com/google/re2/wiki/Syntax): {error.Message}.");
    }

    private static Task AnswerAsync(HttpContext http, ArrayBufferWriter<byte> body)
    {
        http.Response.Headers.CacheControl = "no-store";
        return JsonAnswer.WriteAsync(http.Response, body.WrittenMemory, http.RequestAborted);
    }

    private Task RefuseAsync(HttpContext http, RejectReason reason)
    {
        metrics.Count(Rejections.Of(reason).Code);
        return Refusal.WriteAsync(http, reason);
    }
}
