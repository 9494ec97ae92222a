using System.Buffers;
using System.Text;
using Footfall.Api.Export;
using Footfall.History;

namespace Footfall.Tests.Api.Export;

public sealed class CsvRowWriterTests
{
    [Theory]
    [InlineData("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0")]
    [InlineData("+1", "'+1")]
    [InlineData("-5", "'-5")]
    [InlineData("@sum", "'@sum")]
    [InlineData("\tx", "'\tx")]
    [InlineData("\r=x", "\"'\r=x\"")]
    [InlineData("=a,b", "\"'=a,b\"")]
    [InlineData("'=x", "''=x")]
    [InlineData("'n Sync", "'n Sync")]
    [InlineData("a=b", "a=b")]
    public void A_text_is_no_formula(string text, string cell) => Assert.Equal($"{cell}\r\n", Write(ExportColumnType.Text, text));

    [Fact]
    public void A_number_below_zero_stays_a_number()
    {
        Assert.Equal("-300\r\n", Write(ExportColumnType.Number, -300L));
        Assert.Equal("-1.5\r\n", Write(ExportColumnType.Amount, -1.5m));
    }

    private static string Write(ExportColumnType type, object value)
    {
        var output = new ArrayBufferWriter<byte>();
        new CsvRowWriter().WriteRow(output, [new ExportColumn("x", type)], [value]);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
