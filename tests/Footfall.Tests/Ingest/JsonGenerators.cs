using System.Text.Json;
using CsCheck;

namespace Footfall.Tests.Ingest;

/// <summary>Random JSON.</summary>
internal static class JsonGenerators
{
    /// <summary>A text as in JSON, with its quotes; sometimes escaped.</summary>
    public static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char['\u0020', '\uD7FF'], 0, 12].Select(text => JsonSerializer.Serialize(text)),
        Gen.OneOf("\"\"", "\"a\"", "\"\\u0061\"", "\"\\ud83d\\ude00\"", "\"\\ud800\"", "\"\\u0000\"", "\"\\n\"", "\"us\"", "\"EUR\"",
            "\"https://shop.example/?utm_source=a%00b&ref=x\"", "\"2026-11-24T10:00:00Z\"", "\"12.5\"", "\" \""));

    public static readonly Gen<string> Scalar = Gen.OneOf(
        Text,
        Gen.OneOf("null", "true", "false", "0", "-0", "-1", "1e400", "1e-400", "1.5", "999999999999", "1E+2", "9223372036854775808",
            "0.30000000000000004"),
        Gen.Double.Select(number => double.IsFinite(number) ? JsonSerializer.Serialize(number) : "7"));

    private static readonly Gen<string> Name = Gen.OneOf(
        Gen.OneOf("id", "site", "name", "url", "referrer", "country", "transaction_id", "currency", "value", "timestamp", "items", "props",
            "screen", "item_id", "item_name", "price", "quantity")
            .Select(name => $"\"{name}\""),
        Text);

    public static readonly Gen<string> Value = Gen.Recursive<string>((depth, self) => depth > 4 ? Scalar : Gen.Frequency(
        (4, Scalar),
        (1, self.Array[0, 4].Select(values => $"[{string.Join(',', values)}]")),
        (2, Gen.Select(Name, self).Array[0, 5].Select(Braces))));

    /// <summary>An object whose fields are mostly those of a hit.</summary>
    public static readonly Gen<string> Object = Gen.Select(Name, Value).Array[0, 8].Select(Braces);

    private static string Braces((string Name, string Value)[] fields) =>
        $"{{{string.Join(',', fields.Select(field => $"{field.Name}:{field.Value}"))}}}";
}
