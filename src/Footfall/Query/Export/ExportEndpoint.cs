using Footfall.History;
using Footfall.Query.Language;
using Footfall.Words;
using Microsoft.Net.Http.Headers;

namespace Footfall.Query.Export;

/// <summary>
/// <c>GET /api/v1/export</c>: hits, visits or rollups of a period as a file. It is read piece by piece, and the next piece when the client has taken the last one: a slow
/// client costs no more memory than a fast one, and one that is too slow is cut off, so that others may export.
/// </summary>
internal sealed class ExportEndpoint(
    ExportParser parser, ExportConcurrencyLimiter limiter, IHistory history, IHistoryExport exports,
    QueryMetrics metrics, TimeProvider time, ILogger<ExportEndpoint> log)
{
    /// <summary>So many bytes are gathered before they are sent.</summary>
    private const int Portion = 64 * 1024;

    public async Task GetAsync(HttpContext http)
    {
        try
        {
            var query = parser.Parse(http.Request);
            using var lease = limiter.TryAcquire(http);
            if (lease is null) await Refusal.WriteAsync(http, RejectReason.TooManyExports);
            else await AnswerAsync(http, query);
        }
        catch (InvalidQueryException error)
        {
            await Refusal.WriteAsync(http, RejectReason.InvalidQuery, error.Message);
        }
        catch (SlowClientException)
        {
            metrics.ExportCut();
            log.ExportCut();
        }
        // Once the answer has begun only a broken connection tells the client that it is no whole file: see FailureGuard.
        catch (HistoryUnavailableException error) when (!http.Response.HasStarted)
        {
            log.HistoryUnavailable(error.Message);
            await Refusal.WriteAsync(http, RejectReason.HistoryUnavailable);
        }
        catch (ExportFailedException error) when (!http.Response.HasStarted)
        {
            log.ExportFailed(error.Message);
            await Refusal.WriteAsync(http, RejectReason.ExportFailed, error.Message);
        }
    }

    private async Task AnswerAsync(HttpContext http, ExportQuery query)
    {
        var cancel = http.RequestAborted;
        // A site that nobody knows has a calendar all the same, and no rows.
        var site = query.Site ?? new Site(-1, query.Domain, TimeZoneInfo.Utc, "EUR");
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var first = query.Range is DateRange.All && query.Site is not null ? await history.FirstHitAsync(site, cancel) : null;
        var calendar = new SiteCalendar(site.TimeZone);
        var period = query.Range.Resolve(calendar, now, calendar.DayOf(now), first);
        if (query.Of == ExportOf.Rollups && period.Days is null) throw new InvalidQueryException("Rollups are of whole days: the date_range must be one of days, such as 30d or 2024-01-01,2024-01-31.");
        var export = await exports.BeginAsync(new ExportRequest(site, period, query.Of, query.Dimension?.Stored), cancel);
        if (query.Format == ExportFormat.Parquet) await SendParquetAsync(http, query, export, calendar, period);
        else await SendTextAsync(http, query, export, calendar, period);
    }

    private async Task SendTextAsync(HttpContext http, ExportQuery query, IExport export, SiteCalendar calendar, Period period)
    {
        IRowWriter writer = query.Format == ExportFormat.Csv ? new CsvRows() : new NdjsonRows();
        SetHeaders(http.Response, query, calendar, period);
        var (body, pace) = (http.Response.BodyWriter, new ExportPace(http, time));
        writer.WriteHeader(body, export.Columns);
        while (await export.NextAsync(http.RequestAborted) is { Count: > 0 } rows)
        {
            foreach (var row in rows)
            {
                writer.WriteRow(body, export.Columns, row);
                if (body.UnflushedBytes >= Portion) await pace.FlushAsync();
            }
        }
        await pace.FlushAsync();
    }

    /// <summary>Parquet ends with what tells where all of it stands: it is made in a file first, which goes when it was sent.</summary>
    private async Task SendParquetAsync(HttpContext http, ExportQuery query, IExport export, SiteCalendar calendar, Period period)
    {
        var directory = Temporary();
        try
        {
            var path = Path.Combine(directory.FullName, "export.parquet");
            await export.WriteParquetAsync(path, http.RequestAborted);
            await using var file = new FileStream(path, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan, BufferSize = 0 });
            SetHeaders(http.Response, query, calendar, period);
            http.Response.ContentLength = file.Length;
            var (body, pace) = (http.Response.BodyWriter, new ExportPace(http, time));
            while (await file.ReadAsync(body.GetMemory(Portion), http.RequestAborted) is > 0 and var read)
            {
                body.Advance(read);
                await pace.FlushAsync();
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static DirectoryInfo Temporary()
    {
        try
        {
            return Directory.CreateTempSubdirectory("footfall-export-");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ExportFailedException($"The Parquet file can't be made in the temporary directory: {error.Message}", error);
        }
    }

    private static void SetHeaders(HttpResponse response, ExportQuery query, SiteCalendar calendar, Period period)
    {
        var dimension = query.Dimension is { } named ? $"-{named.Name.Replace(':', '-')}" : "";
        var days = $"{calendar.Write(period.From)[..10]}-{calendar.Write(period.Until - 1)[..10]}";
        response.ContentType = ExportParser.MediaType(query.Format);
        response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment")
        {
            FileName = $"{query.Domain}-{query.Of.ToString().ToLowerInvariant()}{dimension}-{days}.{query.Format.ToString().ToLowerInvariant()}",
        }.ToString();
        response.Headers.CacheControl = "no-store";
    }
}
