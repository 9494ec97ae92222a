using System.Buffers;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text.Json;
using Footfall.Common;
using Footfall.Journal;
using Microsoft.Extensions.Primitives;

namespace Footfall.Api.Stats;

/// <summary>The body of <c>GET /stats</c> at one version of the counters, plain and compressed. Compressed on the first request.</summary>
internal sealed class CachedStatsBody
{
    /// <summary>Below this size in bytes, compression costs more than it saves.</summary>
    private const int MinCompressedBytes = 256;

    public static readonly CachedStatsBody Empty = new(0, "{}"u8.ToArray());

    private readonly byte[] _plain;
    private byte[]? _brotli, _gzip;

    private CachedStatsBody(long version, byte[] plain)
    {
        (Version, _plain) = (version, plain);
        // A hash of the content, so that it is valid after a restart and on every node; weak, because it is the same for each encoding.
        ETag = $"W/\"{XxHash3.HashToUInt64(plain):x16}\"";
    }

    public long Version { get; }

    public string ETag { get; }

    /// <param name="version">The version read before the counters.</param>
    public static CachedStatsBody Build(SiteCounters counters, long version)
    {
        var countries = new List<(Country Country, long Visits)>();
        for (ushort index = 0; index < Country.Count; index++)
            if (counters.Visits(new Country(index)) is > 0 and var visits) countries.Add((new Country(index), visits));
        countries.Sort(static (a, b) => a.Visits != b.Visits ? b.Visits.CompareTo(a.Visits) : a.Country.Index.CompareTo(b.Country.Index));
        var body = new ArrayBufferWriter<byte>(16 + countries.Count * 16);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            foreach (var (country, visits) in countries) json.WriteNumber(country.LowerCode, visits);
            json.WriteEndObject();
        }
        return new CachedStatsBody(version, body.WrittenSpan.ToArray());
    }

    /// <summary>The body in the best encoding that the client accepts (RFC 9110, 12.5.3): br, gzip, or none.</summary>
    /// <param name="encoding">The name of the encoding; null for none.</param>
    public byte[] GetEncoded(StringValues accepted, out string? encoding)
    {
        encoding = _plain.Length < MinCompressedBytes ? null : ContentNegotiation.SelectEncoding(accepted, "br", "gzip");
        return encoding switch
        {
            null => _plain,
            "br" => _brotli ??= Compress(static output => new BrotliStream(output, CompressionLevel.Fastest)),
            _ => _gzip ??= Compress(static output => new GZipStream(output, CompressionLevel.Fastest)),
        };
    }

    private byte[] Compress(Func<Stream, Stream> compressor)
    {
        using var output = new MemoryStream();
        using (var stream = compressor(output)) stream.Write(_plain);
        return output.ToArray();
    }
}
