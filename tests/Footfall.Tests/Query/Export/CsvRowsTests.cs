using System.Buffers;
using System.Text;
using Footfall.History;
using Footfall.Query.Export;

namespace Footfall.Tests.Query.Export;

public sealed class CsvRowsTests
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
    public void A_text_is_no_formula(string text, string cell) => Assert.Equal($"{cell}\r\n", Write(ExportType.Text, text));

    [Fact]
    public void A_number_below_zero_stays_a_number()
    {
        Assert.Equal("-300\r\n", Write(ExportType.Number, -300L));
        Assert.Equal("-1.5\r\n", Write(ExportType.Amount, -1.5m));
    }

    private static string Write(ExportType type, object value)
    {
        var output = new ArrayBufferWriter<byte>();
        new CsvRows().WriteRow(output, [new ExportColumn("x", type)], [value]);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
