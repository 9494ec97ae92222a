using DuckDB.NET.Data;
using Footfall.History.Planning;
using Footfall.Words;

namespace Footfall.History.Exports;

/// <summary>What a visit has from its first hit, in rows of hits and of visits alike.</summary>
internal static class VisitColumns
{
    /// <summary>The columns of the store that are texts, in the order of the export, which names them as queries do behind <c>visit:</c>.</summary>
    private static readonly string[] Texts = Columns.OfVisit.Split(", ");

    public const string Sql = Columns.OfVisit;

    public static IEnumerable<ExportColumn> Exported => [new("country", ExportType.Text), .. Texts.Select(name => new ExportColumn(name, ExportType.Text))];

    /// <summary>Reads country and texts from consecutive columns.</summary>
    public static Values Read(DuckDBDataReader row, int at, Texts texts)
    {
        var numbers = new int[Texts.Length];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = texts.Want(row.GetInt32(at + 1 + i));
        return new Values(new Country((ushort)row.GetInt16(at)), numbers);
    }

    /// <param name="Numbers">Of the texts.</param>
    internal readonly record struct Values(Country Country, int[] Numbers)
    {
        /// <summary>Writes them into a row.</summary>
        /// <returns>The place behind them.</returns>
        public int Write(object?[] row, int at, Texts texts)
        {
            row[at++] = Country.Code;
            foreach (var number in Numbers) row[at++] = texts.Of(number);
            return at;
        }
    }
}
