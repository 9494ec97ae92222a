using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History.Schema;

namespace Footfall.History.Export;

/// <summary>What a visit has from its first hit, in rows of hits and of visits alike.</summary>
internal static class VisitColumns
{
    /// <summary>
    /// The columns of the store that are texts, in the order of the export, which names them as queries do behind <c>visit:</c>.
    /// </summary>
    private static readonly string[] TextColumns = DimensionColumns.VisitAttributeList.Split(", ");

    public const string ColumnList = DimensionColumns.VisitAttributeList;

    public static IEnumerable<ExportColumn> ExportColumns =>
        [new("country", ExportColumnType.Text), .. TextColumns.Select(name => new ExportColumn(name, ExportColumnType.Text))];

    /// <summary>Reads country and texts from consecutive columns.</summary>
    public static VisitValues Read(DuckDBDataReader row, int index, ExportTexts texts)
    {
        var numbers = new int[TextColumns.Length];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = texts.Request(row.GetInt32(index + 1 + i));
        return new VisitValues(new Country((ushort)row.GetInt16(index)), numbers);
    }

    /// <param name="Numbers">Of the texts.</param>
    internal readonly record struct VisitValues(Country Country, int[] Numbers)
    {
        /// <summary>Writes them into a row.</summary>
        /// <returns>The place behind them.</returns>
        public int Write(object?[] row, int index, ExportTexts texts)
        {
            row[index++] = Country.Code;
            foreach (var number in Numbers) row[index++] = texts.Find(number);
            return index;
        }
    }
}
