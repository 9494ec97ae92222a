using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Footfall.History.Projection;

/// <summary>The canonical JSON of a product or a set of props, by which they are numbered.</summary>
internal static class CanonicalJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The non-empty parts, in this order.</summary>
    public static string Product(string id, string name, string category, string brand, string variant) =>
        Write([new("item_id", id), new("item_name", name), new("item_category", category), new("item_brand", brand),
            new("item_variant", variant)], withEmpty: false);

    /// <param name="props">Sorted by name.</param>
    public static string Props(IEnumerable<KeyValuePair<string, string>> props) => Write(props, withEmpty: true);

    private static string Write(IEnumerable<KeyValuePair<string, string>> pairs, bool withEmpty)
    {
        var bytes = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            foreach (var (name, value) in pairs)
                if (withEmpty || value.Length > 0) json.WriteString(name, value);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
