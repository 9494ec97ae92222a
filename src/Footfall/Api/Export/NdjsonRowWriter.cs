using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Footfall.History;

namespace Footfall.Api.Export;

/// <summary>A JSON object a line, each with all columns. Amounts are texts: a JSON number is a binary fraction to most readers.</summary>
internal sealed class NdjsonRowWriter : IRowWriter
{
    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private Utf8JsonWriter? _json;

    public void WriteHeader(IBufferWriter<byte> output, IReadOnlyList<ExportColumn> columns)
    {
    }

    public void WriteRow(IBufferWriter<byte> output, IReadOnlyList<ExportColumn> columns, object?[] row)
    {
        if (_json is null) _json = new Utf8JsonWriter(output, Options);
        else _json.Reset(output);
        _json.WriteStartObject();
        for (var i = 0; i < row.Length; i++)
        {
            _json.WritePropertyName(columns[i].Name);
            switch (row[i])
            {
                case null: _json.WriteNullValue(); break;
                case bool flag: _json.WriteBooleanValue(flag); break;
                case long number when columns[i].Type == ExportColumnType.Number: _json.WriteNumberValue(number); break;
                case string json when columns[i].Type == ExportColumnType.Json: _json.WriteRawValue(json, skipInputValidation: true); break;
                case var value: _json.WriteStringValue(CellFormatter.Format(value, columns[i].Type)); break;
            }
        }
        _json.WriteEndObject();
        _json.Flush();
        output.Write("\n"u8);
    }
}
