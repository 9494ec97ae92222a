using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History.Schema;

namespace Footfall.History.Export;

/// <summary>The visit properties from the first hit, the same in rows of hits and of visits.</summary>
internal static class VisitColumns
{
    /// <summary>The text columns of the store in export order. Exports name them as queries do after <c>visit:</c>.</summary>
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

    /// <param name="Numbers">The numbers of the texts.</param>
    internal readonly record struct VisitValues(Country Country, int[] Numbers)
    {
        /// <summary>Writes them into a row.</summary>
        /// <returns>The index after them.</returns>
        public int Write(object?[] row, int index, ExportTexts texts)
        {
            row[index++] = Country.Code;
            foreach (var number in Numbers) row[index++] = texts.Find(number);
            return index;
        }
    }
}
