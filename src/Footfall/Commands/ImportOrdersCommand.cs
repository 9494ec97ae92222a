using System.CommandLine;
using Footfall.Commands.Import;
using Footfall.Import;
using Footfall.Import.Orders;

namespace Footfall.Commands;

/// <summary><c>footfall import orders FILE…</c></summary>
internal static class ImportOrdersCommand
{
    public const string Name = "orders";

    private static readonly Argument<string[]> Files =
        ImportAccessLogCommand.CreateFilesArgument("Orders as CSV with a header and one line per item; plain or "
        + "gzip.");

    private static readonly Option<string> SiteOption = ImportAccessLogCommand.CreateSiteOption("The shop that sold them.");

    private static readonly IReadOnlyDictionary<OrderColumn, Option<string?>> Columns = Enum.GetValues<OrderColumn>()
        .ToDictionary(column => column, CreateColumnOption);

    private static readonly Option<string?> Currency = new("--currency")
    {
        Description = "The currency (ISO 4217) of lines without one; "
        + "the shop's by default.",
        HelpName = "code"
    };

    private static readonly Option<string?> TimeFormat = new("--time-format")
    {
        Description = "The format of times, in .NET notation, such as \"M/d/yyyy H:mm\"; ISO 8601 by default.",
        HelpName = "format",
    };

    private static readonly Option<string?> TimeZone = new("--time-zone")
    {
        Description = "The time zone of times without one, such as "
        + "Europe/London; the shop's by default.",
        HelpName = "zone"
    };

    private static readonly Option<string?> CancelledPrefix = new("--cancelled-prefix")
    {
        Description = "The prefix of canceled order numbers. Quantities below 0 are always refunds.",
        HelpName = "text",
    };

    private static readonly Option<string[]> CountryCode = new("--country-code")
    {
        Description = "The code of an unknown country name, such as EIRE=IE; may be repeated.",
        HelpName = "name=code",
        DefaultValueFactory = static _ => [],
        Validators =
        {
            static result =>
            {
                foreach (var token in result.Tokens.Where(token => token.Value.LastIndexOf('=') <= 0))
                    result.AddError($"--country-code {token.Value} must be a name and a code, such as EIRE=IE.");
            },
        },
    };

    private static readonly Option<string> Delimiter = new("--delimiter")
    {
        Description = "The delimiter between cells: one character, or tab.",
        HelpName = "character",
        DefaultValueFactory = static _ => ",",
        Validators =
        {
            static result =>
            {
                if (result.Tokens is [var token] && token.Value != "tab" && (token.Value.Length != 1
                    || token.Value is "\"" or "\n" or "\r")) result.AddError("--delimiter must be one character, or tab.");
            },
        },
    };

    private static readonly Option<bool> DecimalComma = new("--decimal-comma") { Description = "Numbers are written like 1.234,50." };

    private static readonly Option<bool> Latin1 = new("--latin1") { Description = "The file is in Latin-1 (ISO 8859-1), not in UTF-8." };

    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Read the file and report what is in it; count "
        + "nothing."
    };

    /// <param name="settings">Those of the command line: <c>--Footfall:Name=value</c>.</param>
    public static Command Create(IReadOnlyList<string> settings)
    {
        var command = new Command(Name, "Import the orders of another shop system from CSV.") { Files, SiteOption,
            DataDirectoryOption.Option };
        foreach (var column in Columns.Values) command.Add(column);
        foreach (var option in (Option[])[Currency, TimeFormat, TimeZone, CancelledPrefix, CountryCode, Delimiter, DecimalComma, Latin1,
            DryRun]) command.Add(option);
        command.SetAction((result, cancellationToken) => ImportAccessLogCommand.RunAsync(result, settings, target =>
            RunAsync(result, target.Orders, cancellationToken), cancellationToken));
        return command;
    }

    private static Option<string?> CreateColumnOption(OrderColumn column) => new(OrderColumns.GetOptionName(column))
    {
        Description = $"The column with the {DescribeColumn(column)}. Detected by default: {OrderColumns.GetDefaultNames(column)}.",
        HelpName = "column",
    };

    private static string DescribeColumn(OrderColumn column) => column switch
    {
        OrderColumn.Order => "order number",
        OrderColumn.Item => "item number",
        OrderColumn.ItemName => "item name",
        OrderColumn.Quantity => "quantity, 1 if there is no such column",
        OrderColumn.Price => "unit price",
        OrderColumn.Time => "order time",
        OrderColumn.Currency => "currency of the price (ISO 4217)",
        _ => "country: an English name, or a code of ISO 3166-1",
    };

    private static Task<int> RunAsync(ParseResult result, IOrderImporter target, CancellationToken cancellationToken)
    {
        var (output, errors) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        var request = new OrderRequest
        {
            Site = result.GetValue(SiteOption)!,
            Columns = Columns.Where(column => result.GetValue(column.Value) is not null)
                .ToDictionary(column => column.Key, column => result.GetValue(column.Value)!),
            Currency = result.GetValue(Currency),
            TimeFormat = result.GetValue(TimeFormat),
            TimeZone = result.GetValue(TimeZone),
            CancelledPrefix = result.GetValue(CancelledPrefix),
            Countries = result.GetValue(CountryCode)!.GroupBy(pair => pair[..pair.LastIndexOf('=')])
                .ToDictionary(pair => pair.Key, pair => pair.Last()[(pair.Key.Length + 1)..]),
            Delimiter = result.GetValue(Delimiter) is "tab" ? '\t' : result.GetValue(Delimiter)![0],
            DecimalComma = result.GetValue(DecimalComma),
            Latin1 = result.GetValue(Latin1),
            DryRun = result.GetValue(DryRun),
        };
        var files = result.GetRequiredValue(Files);
        return AccessLogImportSession.ImportEachAsync(() => Task.FromResult<IReadOnlyList<string>>(files), file =>
            ImportAsync(file, request, target, output, errors, cancellationToken), output, errors);
    }

    private static async Task<bool> ImportAsync(string file, OrderRequest request, IOrderImporter target, TextWriter output,
        TextWriter errors, CancellationToken cancellationToken)
    {
        await using var progress = new ImportProgress(Path.GetFileName(file), errors);
        await using var content = progress.Track(ImportFile.Open(file), "lines");
        var summary = await target.ImportOrdersAsync(content, request, progress, cancellationToken);
        await progress.DisposeAsync();
        if (summary.Status == ImportStatus.Complete || summary.Lines > 0) OrderReport.Write(output, file, summary, request.DryRun);
        if (summary.Status == ImportStatus.Stopped) throw new OperationCanceledException();
        return !OrderReport.IsUnreadable(summary) && summary.OldOrders == 0;
    }
}
