using System.Globalization;
using Footfall.Import;
using Footfall.Import.AccessLog;
using static Footfall.Commands.Import.ReportText;

namespace Footfall.Commands.Import;

/// <summary>The summary of an import, for a person.</summary>
internal static class AccessLogReport
{
    /// <summary>Whether no line of the content could be read: it is not an access log.</summary>
    public static bool IsUnreadable(ImportSummary summary) =>
        summary.Status == ImportStatus.Complete && summary.KnownLines == 0 && summary.Malformed > 0
            && summary.Lines == summary.Malformed + summary.Blank;

    public static void Write(TextWriter output, string file, ImportSummary summary)
    {
        if (IsUnreadable(summary))
        {
            output.WriteLine(
                $"{file}: none of its {FormatCount(summary.Lines, "line")} is in the common or the combined log format; nothing "
                + $"was imported.");
            WriteMalformed(output, summary);
            return;
        }
        output.WriteLine($"{file}: {DescribeLines(summary)}");
        if (summary.Lines > 0)
        {
            WriteRow(output, summary.Pages,
                $"page {(summary.Pages == 1 ? "view" : "views")}{DescribeBots(summary)}{FormatPeriod(summary.First, summary.Last)}");
            var countries = summary.Visits == 0 ? "" : $": {FormatCountries(summary.VisitsByCountry)}";
            WriteRow(output, summary.Visits, $"{(summary.Visits == 1 ? "visit" : "visits")}{countries}");
            foreach (var (reason, lines) in summary.LeftOut.OrderByDescending(reason => reason.Value)) WriteRow(output, lines,
                $"left out: {PageViewFilter.Describe(reason)}");
            if (summary.Blank > 0) WriteRow(output, summary.Blank, "left out: blank");
            if (summary.Malformed > 0) WriteRow(output, summary.Malformed, "left out: malformed");
            WriteMalformed(output, summary);
        }
        if (summary.Unfinished) output.WriteLine("  The last line is incomplete: the next import of this log reads it.");
    }

    private static string DescribeLines(ImportSummary summary) => summary switch
    {
        { Lines: 0, KnownLines: 0 } => "no lines",
        { Lines: 0 } => $"{FormatCount(summary.KnownLines, "line")}, all imported before: nothing changed.",
        { KnownLines: 0 } => $"{FormatCount(summary.Lines, "line")}:",
        _ => $"{FormatCount(summary.KnownLines, "line")} imported before, and {FormatCount(summary.Lines, "new line")}:",
    };

    private static string DescribeBots(ImportSummary summary) =>
        summary.Bots == 0 ? "" : $", {FormatNumber(summary.Bots)} of them by bots,";

    private static void WriteMalformed(TextWriter output, ImportSummary summary)
    {
        foreach (var line in summary.FirstMalformed) output.WriteLine($"             line {FormatNumber(line.Line)} {line.Error}");
        if (summary.Malformed > summary.FirstMalformed.Count)
            output.WriteLine($"             and {FormatNumber(summary.Malformed - summary.FirstMalformed.Count)} more");
    }
}
