using System.Globalization;
using Footfall.Import.Orders;
using static Footfall.Commands.Import.ReportText;

namespace Footfall.Commands.Import;

/// <summary>The summary of an import of orders, for a person.</summary>
internal static class OrderReport
{
    /// <summary>Whether no line could be read.</summary>
    public static bool IsUnreadable(OrderSummary summary) =>
        summary.Lines > summary.Blank && summary.Refused.Values.Sum() == summary.Lines - summary.Blank;

    public static void Write(TextWriter output, string file, OrderSummary summary, bool dryRun)
    {
        var orders = summary.Purchases + summary.Refunds;
        var isNews = orders > 0 || summary.OldOrders > 0 || summary.Refused.Count > 0 || summary.KnownOrders == 0;
        var end = summary.Lines == 0 ? "" : isNews ? ":" : ", all imported before: nothing changed.";
        output.WriteLine($"{file}: {FormatCount(summary.Lines, "line")}{end}");
        if (dryRun) output.WriteLine("  Dry run: nothing was counted.");
        if (summary.KnownOrders > 0) WriteRow(output, summary.KnownLines, $"in {FormatCount(summary.KnownOrders, "order")} that "
            + $"{(summary.KnownOrders == 1 ? "was" : "were")} imported before");
        if (orders > 0)
        {
            var lines = summary.Lines - summary.KnownLines - summary.OldLines - summary.Blank - summary.Refused.Values.Sum();
            WriteRow(output, lines, $"in {FormatCount(summary.Purchases, "purchase")} and {FormatCount(summary.Refunds, "refund")}"
                + $"{FormatPeriod(summary.First, summary.Last)}");
            output.WriteLine(
                $"             revenue {FormatAmounts(summary, money => money.Revenue)} for {FormatNumber(summary.Units)} units, "
                + $"refunded {FormatAmounts(summary, money => money.Refunded)}");
            output.WriteLine($"             by country: {FormatCountries(summary.Countries)}");
        }
        if (summary.Duplicates > 0)
            output.WriteLine($"             {FormatCount(summary.Duplicates, "purchase")} of them had already been sent "
            + $"by the shop itself within the last day, and counted");
        if (summary.Blank > 0) WriteRow(output, summary.Blank, "blank");
        foreach (var (error, lines) in summary.Refused.OrderByDescending(error => error.Value)) WriteRow(output, lines, $"rejected: "
            + $"{error.Describe()}");
        foreach (var line in summary.FirstRefused) output.WriteLine($"             line {line.Line} {line.Error}");
        var more = summary.Refused.Values.Sum() - summary.FirstRefused.Count;
        if (more > 0) output.WriteLine($"             and {FormatNumber(more)} more");
        if (summary.OldOrders > 0)
        {
            WriteRow(output, summary.OldLines, $"left out: in {FormatCount(summary.OldOrders, "order")} "
                + $"{DescribeExpired(summary.Oldest ?? 0, summary.KeptDays)}");
            output.WriteLine($"             {KeepLongerHint}: these orders have not been imported yet, and will be then.");
        }
        WriteOrders(output, summary.HeldBack, summary.FirstHeldBack, "not imported, because one of its lines was "
            + "rejected", "not imported, because each has a rejected line", "Fix the lines and import the file again: imported orders are "
            + "not counted twice.");
        WriteOrders(output, summary.InPart, summary.FirstInPart, "imported without lines that come too far after it", "imported without "
            + "lines that come too far after them", "They can no longer change.");
        WriteUnmapped(output, summary);
        if (summary.UnusedCurrency is { } column)
            output.WriteLine($"  The column \"{column}\" seems to have the currency, but is not used: amounts are in {summary.Currency}. "
                + $"Use --currency-column \"{column}\" to read it.");
    }

    private static void WriteOrders(TextWriter output, long orders, IReadOnlyList<string> first, string singular, string plural,
        string hint)
    {
        if (orders == 0) return;
        output.WriteLine(
            $"  {FormatCount(orders, "order")} {(orders == 1 ? singular : plural)}: " +
            $"{string.Join(", ", first)}{(orders > first.Count ? $", and {FormatNumber(orders - first.Count)} more" : "")}");
        output.WriteLine($"  {hint}");
    }

    private static void WriteUnmapped(TextWriter output, OrderSummary summary)
    {
        if (summary.Unmapped.Count == 0) return;
        output.WriteLine($"  {FormatCount(summary.Unmapped.Values.Sum(), "purchase or refund", "purchases and refunds")} counted under ZZ, "
            + $"because the country name is unknown:");
        foreach (var (name, orders) in summary.Unmapped) WriteRow(output, orders, name);
        output.WriteLine("  To map a name to a country, import with --country-code NAME=CODE (try --dry-run first: an imported order does "
            + "not change).");
    }

    private static string FormatAmounts(OrderSummary summary, Func<OrderMoney, decimal> selector)
    {
        var amounts = summary.Money.Where(money => selector(money.Value) > 0)
            .Select(money => FormatAmount(selector(money.Value), money.Key)).ToList();
        return amounts.Count > 0 ? string.Join(" and ", amounts)
            : FormatAmount(0, summary.Money.Count == 1 ? summary.Money.Keys.First() : summary.Currency);
    }

    private static string FormatAmount(decimal amount, string currency) =>
        string.Create(CultureInfo.InvariantCulture, $"{amount:#,##0.00####} {currency}");
}
