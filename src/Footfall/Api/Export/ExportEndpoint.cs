using Footfall.Api.Query;
using Footfall.Common;
using Footfall.History;
using Microsoft.Net.Http.Headers;

namespace Footfall.Api.Export;

/// <summary>
/// <c>GET /api/v1/export</c>: hits, visits or rollups of a period as a file. It reads the next chunk only after the client has received the
/// last one: a slow client costs no more memory than a fast one, and one that is too slow is disconnected, so that others may export.
/// </summary>
internal sealed class ExportEndpoint(
    ExportParser parser, ExportConcurrencyLimiter limiter, IHistory history, IHistoryExport exports,
    QueryMetrics metrics, TimeProvider time, ILogger<ExportEndpoint> log)
{
    /// <summary>The bytes buffered before they are sent.</summary>
    private const int FlushBytes = 64 * 1024;

    public async Task GetAsync(HttpContext http)
    {
        try
        {
            var query = parser.Parse(http.Request);
            using var lease = limiter.TryAcquire(http);
            if (lease is null) await RejectionResponse.WriteAsync(http, RejectReason.TooManyExports);
            else await SendAsync(http, query);
        }
        catch (InvalidQueryException error)
        {
            await RejectionResponse.WriteAsync(http, RejectReason.InvalidQuery, error.Message);
        }
        catch (SlowClientException)
        {
            metrics.ExportCut();
            log.ExportCut();
        }
        // After the response has started, only a broken connection shows the client that the file is incomplete: see ExceptionMiddleware.
        catch (HistoryUnavailableException error) when (!http.Response.HasStarted)
        {
            log.HistoryUnavailable(error.Message);
            await RejectionResponse.WriteAsync(http, RejectReason.HistoryUnavailable);
        }
        catch (ExportFailedException error) when (!http.Response.HasStarted)
        {
            log.ExportFailed(error.Message);
            await RejectionResponse.WriteAsync(http, RejectReason.ExportFailed, error.Message);
        }
    }

    private async Task SendAsync(HttpContext http, ExportQuery query)
    {
        var cancellationToken = http.RequestAborted;
        // An unknown site has a calendar too, but no rows.
        var site = query.Site ?? new Site(-1, query.Domain, TimeZoneInfo.Utc, "EUR");
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var first = query.Range is DateRange.All && query.Site is not null ? await history.GetFirstHitAsync(site, cancellationToken) : null;
        var calendar = new SiteCalendar(site.TimeZone);
        var period = query.Range.Resolve(calendar, now, calendar.DayOf(now), first);
        if (query.Kind == ExportKind.Rollups && period.Days is null) throw new InvalidQueryException("Rollups cover whole days: the "
            + "date_range must be in days, such as 30d or 2024-01-01,2024-01-31.");
        var export = await exports.OpenAsync(new ExportRequest(site, period, query.Kind, query.Dimension?.Stored), cancellationToken);
        if (query.Format == ExportFormat.Parquet) await SendParquetAsync(http, query, export, calendar, period);
        else await SendTextAsync(http, query, export, calendar, period);
    }

    private async Task SendTextAsync(HttpContext http, ExportQuery query, IExportReader export, SiteCalendar calendar, Period period)
    {
        IRowWriter writer = query.Format == ExportFormat.Csv ? new CsvRowWriter() : new NdjsonRowWriter();
        SetHeaders(http.Response, query, calendar, period);
        var (body, rateGuard) = (http.Response.BodyWriter, new ExportRateGuard(http, time));
        writer.WriteHeader(body, export.Columns);
        while (await export.ReadNextAsync(http.RequestAborted) is { Count: > 0 } rows)
        {
            foreach (var row in rows)
            {
                writer.WriteRow(body, export.Columns, row);
                if (body.UnflushedBytes >= FlushBytes) await rateGuard.FlushAsync();
            }
        }
        await rateGuard.FlushAsync();
    }

    /// <summary>A Parquet file ends with its index, so it is written to a temporary file first, which is deleted after sending.</summary>
    private async Task SendParquetAsync(HttpContext http, ExportQuery query, IExportReader export, SiteCalendar calendar, Period period)
    {
        var directory = CreateTemporaryDirectory();
        try
        {
            var path = Path.Combine(directory.FullName, "export.parquet");
            await export.WriteParquetAsync(path, http.RequestAborted);
            await using var file = new FileStream(path,
                new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan, BufferSize = 0 });
            SetHeaders(http.Response, query, calendar, period);
            http.Response.ContentLength = file.Length;
            var (body, rateGuard) = (http.Response.BodyWriter, new ExportRateGuard(http, time));
            while (await file.ReadAsync(body.GetMemory(FlushBytes), http.RequestAborted) is > 0 and var read)
            {
                body.Advance(read);
                await rateGuard.FlushAsync();
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static DirectoryInfo CreateTemporaryDirectory()
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
        var days = $"{calendar.Format(period.From)[..10]}-{calendar.Format(period.Until - 1)[..10]}";
        var (kind, ending) = (query.Kind.ToString().ToLowerInvariant(), query.Format.ToString().ToLowerInvariant());
        response.ContentType = ExportParser.MediaType(query.Format);
        response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment")
        {
            FileName = $"{query.Domain}-{kind}{dimension}-{days}.{ending}",
        }.ToString();
        response.Headers.CacheControl = "no-store";
    }
}
