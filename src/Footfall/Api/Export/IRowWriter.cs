using System.Buffers;
using System.Globalization;
using Footfall.Common;
using Footfall.History;

namespace Footfall.Api.Export;

/// <summary>Writes rows as text.</summary>
internal interface IRowWriter
{
    /// <summary>Writes the header before the rows.</summary>
    void WriteHeader(IBufferWriter<byte> output, IReadOnlyList<ExportColumn> columns);

    void WriteRow(IBufferWriter<byte> output, IReadOnlyList<ExportColumn> columns, object?[] row);
}

internal static class CellFormatter
{
    /// <summary>A value as text that any program reads: times in ISO 8601 and UTC, amounts as decimals with a point.</summary>
    public static string Format(object value, ExportColumnType type) => (type, value) switch
    {
        (ExportColumnType.Time, long time) =>
            DateTimeOffset.FromUnixTimeMilliseconds(time).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        (ExportColumnType.Day, long day) => LocalDay.DateOf((int)day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        (_, bool flag) => flag ? "true" : "false",
        (_, IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture),
        _ => (string)value,
    };
}
