using System.Buffers;
using System.Text.Json;
using Footfall.Common;
using Footfall.Journal;

namespace Footfall.Ingest.Events;

/// <summary>A rejected hit.</summary>
/// <param name="Index">The index in the array, or of the line; from 0.</param>
internal readonly record struct RejectedHit(int Index, FieldRejection Rejection);

/// <summary>
/// The response to a batch: <c>{"accepted": n, "duplicates": n, "rejected": [{"index": i, "code": "…", "error": "…"}]}</c>.
/// </summary>
internal static class EventsResponse
{
    /// <summary>How many rejected hits are listed; the rest is counted in <c>rejected_more</c>.</summary>
    private const int MaxListed = 1_000;

    public static async Task WriteAsync(HttpResponse response, Submission submission, List<RejectedHit> rejected)
    {
        var duplicates = 0;
        foreach (ref readonly var outcome in submission.Outcomes)
            if (outcome.Duplicate) duplicates++;
        response.StatusCode = StatusCodes.Status202Accepted;
        response.ContentType = JsonResponse.ContentType;
        var body = new ArrayBufferWriter<byte>(64 + Math.Min(rejected.Count, MaxListed) * 128);
        using (var json = new Utf8JsonWriter(body, JsonResponse.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteNumber("accepted"u8, submission.Count - duplicates);
            json.WriteNumber("duplicates"u8, duplicates);
            json.WriteStartArray("rejected"u8);
            foreach (var (index, rejection) in rejected.Take(MaxListed))
            {
                json.WriteStartObject();
                json.WriteNumber("index"u8, index);
                json.WriteString("code"u8, Rejections.Get(rejection.Reason).Code);
                json.WriteString("error"u8, rejection.Error);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            if (rejected.Count > MaxListed) json.WriteNumber("rejected_more"u8, rejected.Count - MaxListed);
            json.WriteEndObject();
        }
        response.ContentLength = body.WrittenCount;
        await response.Body.WriteAsync(body.WrittenMemory);
    }
}
