using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Footfall.Common;
using Footfall.Ingest;

namespace Footfall.Tests.Ingest;

public sealed class HitParserTests
{
    [Fact]
    public void JSON_of_any_kind_is_read_or_refused_and_malformed_only_if_it_is_no_object() => JsonGenerators.Object.Sample(json =>
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var refused = Read(bytes);
        // Half of a surrogate pair can be written in JSON, but is no text.
        if (refused.Reason == RejectReason.MalformedJson) Assert.Contains("\\ud800", json);
        Assert.NotEqual("", refused.Reason == RejectReason.None ? "fine" : refused.Error);
    });

    [Fact]
    public void Damaged_JSON_is_read_or_rejected_and_malformed_exactly_if_it_is_invalid() =>
        Gen.Select(JsonGenerators.Object, Gen.Int[0, 300], Gen.Byte).Sample((json, place, value) =>
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        bytes[place % bytes.Length] = value;
        var refused = Read(bytes);
        if (refused.Reason != RejectReason.MalformedJson) JsonDocument.Parse(bytes).Dispose();
    });

    [Fact]
    public void Bytes_of_any_kind_are_refused_without_an_exception() =>
        Gen.Byte.Array[0, 80].Sample(bytes => Read(bytes).Reason != RejectReason.None);

    [Theory]
    [InlineData("1", "Mobile")]
    [InlineData("575", "Mobile")]
    [InlineData("575.9", "Mobile")]
    [InlineData("576", "Tablet")]
    [InlineData("991", "Tablet")]
    [InlineData("992", "Laptop")]
    [InlineData("1439", "Laptop")]
    [InlineData("1440", "Desktop")]
    [InlineData("100000", "Desktop")]
    [InlineData("\"1440\"", "Desktop")]
    [InlineData("\"390x844\"", "Mobile")]
    [InlineData("\"1366X768\"", "Laptop")]
    [InlineData("\"\\u0039\"", "Mobile")]
    [InlineData("null", "")]
    [InlineData("\"\"", "")]
    public void A_screen_is_kept_as_the_class_of_its_width(string screen, string expected)
    {
        Assert.Equal(FieldRejection.None,
            HitParser.Parse(Encoding.UTF8.GetBytes($$"""{"url":"/","screen":{{screen}}}"""), new ParseBuffers(), out var draft));
        Assert.Equal(expected, Encoding.UTF8.GetString(draft.Screen));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("100001")]
    [InlineData("1e99")]
    [InlineData("true")]
    [InlineData("[]")]
    [InlineData("\"wide\"")]
    [InlineData("\"x900\"")]
    [InlineData("\"1440x\"")]
    [InlineData("\"1440x0\"")]
    [InlineData("\"1440x900x2\"")]
    [InlineData("\"1440 x 900\"")]
    [InlineData("\"NaN\"")]
    [InlineData("\"Infinity\"")]
    public void What_is_no_size_is_no_screen(string screen) =>
        Assert.Equal(new FieldRejection(RejectReason.InvalidField, "screen"),
            HitParser.Parse(Encoding.UTF8.GetBytes($$"""{"url":"/","screen":{{screen}}}"""), new ParseBuffers(), out _));

    [Fact]
    public void A_number_is_read_as_JSON_or_as_text_and_rounded_to_six_places() =>
        Gen.Select(Gen.Decimal[0m, HitLimits.Value], Gen.Bool).Sample((number, quoted) =>
    {
        var text = number.ToString(CultureInfo.InvariantCulture);
        Assert.Equal(FieldRejection.None, Number(quoted ? $"\"{text}\"" : text, out var read));
        Assert.Equal(decimal.Round(number, 6), read);
    });

    [Fact]
    public void A_number_of_a_browser_is_read_as_near_as_it_is_kept() => Gen.Double[0, 999_999_999_999].Sample(number =>
    {
        Assert.Equal(FieldRejection.None, Number(JsonSerializer.Serialize(number), out var read));
        Assert.Equal(number, (double)read!.Value, 0.000_000_5 + number * 1e-15);
    });

    [Fact]
    public void Other_values_are_no_numbers() => JsonGenerators.Scalar.Sample(json =>
    {
        var refused = Number(json, out var read);
        if (refused == FieldRejection.None) Assert.True(read is null == (json == "null") && read is null or >= 0 and <= HitLimits.Value);
        else Assert.Equal(RejectReason.InvalidValue, refused.Reason);
    });

    [Theory]
    [InlineData("-0", "0")]
    [InlineData("1e-400", "0")]
    [InlineData("0.0000005", "0")]
    [InlineData("\" 1.50 \"", "1.50")]
    [InlineData("\"+1\"", "1")]
    [InlineData("1e2", "100")]
    [InlineData("0.30000000000000004", "0.3")]
    [InlineData("\"\\u0031\"", "1")]
    public void Odd_numbers_are_read(string json, string number)
    {
        Assert.Equal(FieldRejection.None, Number(json, out var read));
        Assert.Equal(decimal.Parse(number, CultureInfo.InvariantCulture), read);
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"1,5\"")]
    [InlineData("\"1 000\"")]
    [InlineData("\"0x10\"")]
    [InlineData("\"Infinity\"")]
    [InlineData("\"\u0661\"")]
    [InlineData("\"1\\u0000\"")]
    [InlineData("1e13")]
    [InlineData("1e99999999999999999999")]
    [InlineData("-1e-28")]
    public void What_is_no_number_or_out_of_range_is_refused(string json) =>
        Assert.Equal(RejectReason.InvalidValue, Number(json, out _).Reason);

    private static FieldRejection Read(ReadOnlySpan<byte> json) => HitParser.Parse(json, new ParseBuffers(), out _);

    private static FieldRejection Number(string json, out decimal? number)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        var scratch = new ParseBuffers();
        scratch.Reset(json.Length * 3);
        try
        {
            return JsonFieldReader.ReadNumber(ref reader, scratch, "value", out number);
        }
        catch (InvalidOperationException) when (json.Contains("\\ud800"))
        {
            number = null;
            return RejectReason.InvalidValue;
        }
    }
}
