using System.Globalization;
using Footfall.Collect.AccessLog;
using static Footfall.Hosting.ReportText;

namespace Footfall.Hosting;

/// <summary>The summary of an import, for a person.</summary>
internal static class ImportReport
{
    /// <summary>Whether not one line of the content could be read: it is no access log.</summary>
    public static bool IsUnreadable(ImportSummary summary) =>
        summary.Status == ImportStatus.Complete && summary.KnownLines == 0 && summary.Malformed > 0 && summary.Lines == summary.Malformed + summary.Blank;

    public static void Write(TextWriter output, string file, ImportSummary summary)
    {
        if (IsUnreadable(summary))
        {
            output.WriteLine($"{file}: none of its {Count(summary.Lines, "line")} is of the common or the combined log format; nothing was imported.");
            WriteMalformed(output, summary);
            return;
        }
        output.WriteLine($"{file}: {Lines(summary)}");
        if (summary.Lines > 0)
        {
            Row(output, summary.Pages, $"page {(summary.Pages == 1 ? "view" : "views")}{Bots(summary)}{Period(summary.First, summary.Last)}");
            Row(output, summary.Visits, $"{(summary.Visits == 1 ? "visit" : "visits")}{(summary.Visits == 0 ? "" : $": {Countries(summary.VisitsByCountry)}")}");
            foreach (var (reason, lines) in summary.LeftOut.OrderByDescending(reason => reason.Value)) Row(output, lines, $"left out: {PageRule.Describe(reason)}");
            if (summary.Blank > 0) Row(output, summary.Blank, "left out: blank");
            if (summary.Malformed > 0) Row(output, summary.Malformed, "left out: malformed");
            WriteMalformed(output, summary);
        }
        if (summary.Unfinished) output.WriteLine("  The last line is not finished: it is left for the next import of this log.");
    }

    private static string Lines(ImportSummary summary) => summary switch
    {
        { Lines: 0, KnownLines: 0 } => "no lines",
        { Lines: 0 } => $"{Count(summary.KnownLines, "line")}, all imported before: nothing changed.",
        { KnownLines: 0 } => $"{Count(summary.Lines, "line")}, of which",
        _ => $"{Count(summary.KnownLines, "line")} imported before, and {Count(summary.Lines, "new line")}, of which",
    };

    private static string Bots(ImportSummary summary) => summary.Bots == 0 ? "" : $", {Number(summary.Bots)} of them by robots,";

    private static void WriteMalformed(TextWriter output, ImportSummary summary)
    {
        foreach (var line in summary.FirstMalformed) output.WriteLine($"             line {Number(line.Line)} {line.Error}");
        if (summary.Malformed > summary.FirstMalformed.Count) output.WriteLine($"             and {Number(summary.Malformed - summary.FirstMalformed.Count)} more");
    }
}
