using System.Buffers;
using System.Text.Json;
using Footfall.Journal;
using Footfall.Words;

namespace Footfall.Collect.Events;

/// <summary>A hit that was refused.</summary>
/// <param name="Index">The place in the array, or the line; from 0.</param>
internal readonly record struct RejectedHit(int Index, Refused Refused);

/// <summary>The answer to a batch: <c>{"accepted": n, "duplicates": n, "rejected": [{"index": i, "code": "…", "error": "…"}]}</c>.</summary>
internal static class EventsAnswer
{
    /// <summary>So many refused hits are named one by one; the rest is counted in <c>rejected_more</c>.</summary>
    private const int Named = 1_000;

    public static async Task WriteAsync(HttpResponse response, Submission submission, List<RejectedHit> rejected)
    {
        var duplicates = 0;
        foreach (ref readonly var outcome in submission.Outcomes)
            if (outcome.Duplicate) duplicates++;
        response.StatusCode = StatusCodes.Status202Accepted;
        response.ContentType = JsonAnswer.ContentType;
        var body = new ArrayBufferWriter<byte>(64 + Math.Min(rejected.Count, Named) * 128);
        using (var json = new Utf8JsonWriter(body, JsonAnswer.Readable))
        {
            json.WriteStartObject();
            json.WriteNumber("accepted"u8, submission.Count - duplicates);
            json.WriteNumber("duplicates"u8, duplicates);
            json.WriteStartArray("rejected"u8);
            foreach (var (index, refused) in rejected.Take(Named))
            {
                json.WriteStartObject();
                json.WriteNumber("index"u8, index);
                json.WriteString("code"u8, Rejections.Of(refused.Reason).Code);
                json.WriteString("error"u8, refused.Error);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            if (rejected.Count > Named) json.WriteNumber("rejected_more"u8, rejected.Count - Named);
            json.WriteEndObject();
        }
        response.ContentLength = body.WrittenCount;
        await response.Body.WriteAsync(body.WrittenMemory);
    }
}
