using System.Buffers;
using System.Text;
using Footfall.History;
using Footfall.History.Export;

namespace Footfall.Api.Export;

/// <summary>
/// CSV by RFC 4180: a header, CRLF, quotes only where needed. <see cref="CsvInjectionGuard"/> guards texts that a spreadsheet would run as
/// a formula.
/// </summary>
internal sealed class CsvRowWriter : IRowWriter
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    public void WriteHeader(IBufferWriter<byte> output, IReadOnlyList<ExportColumn> columns) =>
        Encoding.UTF8.GetBytes(string.Join(',', columns.Select(column => column.Name)) + "\r\n", output);

    public void WriteRow(IBufferWriter<byte> output, IReadOnlyList<ExportColumn> columns, object?[] row)
    {
        for (var i = 0; i < row.Length; i++)
        {
            if (i > 0) output.Write(","u8);
            if (row[i] is string text) WriteCell(output, CsvInjectionGuard.Escape(text));
            else if (row[i] is { } value) WriteCell(output, CellFormatter.Format(value, columns[i].Type));
        }
        output.Write("\r\n"u8);
    }

    private static void WriteCell(IBufferWriter<byte> output, string text)
    {
        if (!text.AsSpan().ContainsAny(Special))
        {
            Encoding.UTF8.GetBytes(text, output);
            return;
        }
        output.Write("\""u8);
        Encoding.UTF8.GetBytes(text.Replace("\"", "\"\"", StringComparison.Ordinal), output);
        output.Write("\""u8);
    }
}
