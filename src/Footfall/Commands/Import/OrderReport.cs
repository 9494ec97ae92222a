using System.Globalization;
using Footfall.Import.Orders;
using static Footfall.Commands.Import.ReportText;

namespace Footfall.Commands.Import;

/// <summary>The summary of an import of orders, for a person.</summary>
internal static class OrderReport
{
    /// <summary>Whether not one line could be read.</summary>
    public static bool IsUnreadable(OrderSummary summary) => summary.Lines > summary.Blank && summary.Refused.Values.Sum() == summary.Lines - summary.Blank;

    public static void Write(TextWriter output, string file, OrderSummary summary, bool dryRun)
    {
        var orders = summary.Purchases + summary.Refunds;
        output.WriteLine($"{file}: {FormatCount(summary.Lines, "line")}{(summary.Lines == 0 ? "" : orders > 0 || summary.OldOrders > 0 || summary.Refused.Count > 0 || summary.KnownOrders == 0 ? ", of which" : ", all imported before: nothing changed.")}");
        if (dryRun) output.WriteLine("  Only read, nothing was counted.");
        if (summary.KnownOrders > 0) WriteRow(output, summary.KnownLines, $"of {FormatCount(summary.KnownOrders, "order")} that {(summary.KnownOrders == 1 ? "was" : "were")} imported before");
        if (orders > 0)
        {
            WriteRow(output, summary.Lines - summary.KnownLines - summary.OldLines - summary.Blank - summary.Refused.Values.Sum(), $"of {FormatCount(summary.Purchases, "purchase")} and {FormatCount(summary.Refunds, "refund")}{FormatPeriod(summary.First, summary.Last)}");
            output.WriteLine($"             revenue {FormatAmounts(summary, money => money.Revenue)} for {FormatNumber(summary.Units)} pieces, refunded {FormatAmounts(summary, money => money.Refunded)}");
            output.WriteLine($"             by country: {FormatCountries(summary.Countries)}");
        }
        if (summary.Duplicates > 0) output.WriteLine($"             {FormatCount(summary.Duplicates, "purchase")} of them came in from the shop itself within the last day, and counted then");
        if (summary.Blank > 0) WriteRow(output, summary.Blank, "blank");
        foreach (var (error, lines) in summary.Refused.OrderByDescending(error => error.Value)) WriteRow(output, lines, $"refused: {error.Describe()}");
        foreach (var line in summary.FirstRefused) output.WriteLine($"             line {line.Line} {line.Error}");
        var more = summary.Refused.Values.Sum() - summary.FirstRefused.Count;
        if (more > 0) output.WriteLine($"             and {FormatNumber(more)} more");
        if (summary.OldOrders > 0)
        {
            WriteRow(output, summary.OldLines, $"left out: of {FormatCount(summary.OldOrders, "order")} {DescribeExpired(summary.Oldest ?? 0, summary.KeptDays)}");
            output.WriteLine($"             {KeepLongerHint}: these orders are not known yet, and come in then.");
        }
        WriteOrders(output, summary.HeldBack, summary.FirstHeldBack, "not imported, because a line of it is refused", "not imported, because a line of each is refused", "Mend the lines and import the file again: what is imported counts once.");
        WriteOrders(output, summary.InPart, summary.FirstInPart, "imported without lines that stand too far behind it", "imported without lines that stand too far behind them", "They do not change any more.");
        WriteUnmapped(output, summary);
        if (summary.UnusedCurrency is { } column)
            output.WriteLine($"  The column \"{column}\" seems to have the currency, and is not used: amounts are in {summary.Currency}. --currency-column \"{column}\" reads it.");
    }

    private static void WriteOrders(TextWriter output, long orders, IReadOnlyList<string> first, string singular, string plural, string hint)
    {
        if (orders == 0) return;
        output.WriteLine($"  {FormatCount(orders, "order")} {(orders == 1 ? singular : plural)}: {string.Join(", ", first)}{(orders > first.Count ? $", and {FormatNumber(orders - first.Count)} more" : "")}");
        output.WriteLine($"  {hint}");
    }

    private static void WriteUnmapped(TextWriter output, OrderSummary summary)
    {
        if (summary.Unmapped.Count == 0) return;
        output.WriteLine($"  {FormatCount(summary.Unmapped.Values.Sum(), "purchase or refund", "purchases and refunds")} counted under ZZ, because the country is no name that is known:");
        foreach (var (name, orders) in summary.Unmapped) WriteRow(output, orders, name);
        output.WriteLine("  To count a name for a country, import with --country-code NAME=CODE (try it with --dry-run: an order that was imported does not change).");
    }

    private static string FormatAmounts(OrderSummary summary, Func<OrderMoney, decimal> selector)
    {
        var amounts = summary.Money.Where(money => selector(money.Value) > 0).Select(money => FormatAmount(selector(money.Value), money.Key)).ToList();
        return amounts.Count > 0 ? string.Join(" and ", amounts) : FormatAmount(0, summary.Money.Count == 1 ? summary.Money.Keys.First() : summary.Currency);
    }

    private static string FormatAmount(decimal amount, string currency) => string.Create(CultureInfo.InvariantCulture, $"{amount:#,##0.00####} {currency}");
}
