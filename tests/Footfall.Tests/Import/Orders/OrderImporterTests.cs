using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Footfall.Commands;
using Footfall.Tests.History;

namespace Footfall.Tests.Import.Orders;

public sealed class OrderImporterTests : IDisposable
{
    private const string Header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,Country\n";

    /// <summary>
    /// Two orders with interleaved lines, a cancelled one, a partly returned one, and an unknown country.
    /// </summary>
    private const string Shop = Header + """"
        1001,A,"Lamp, small",2,2024-03-01 10:00:00,10.50,Germany
        1002,B,Table,1,2024-03-01 10:05:00,100,EIRE
        1001,B,Table,1,2024-03-01 10:00:00,100,Germany
        C1003,A,"Lamp, small",-1,2024-03-01 11:00:00,10.50,Germany
        1004,C,"Chair
        with ""arms""",3,2024-03-01 12:00:00,20,France
        1004,C,Chair,-1,2024-03-01 12:00:00,20,France

        """";

    private readonly TemporaryDirectory _data = new(), _files = new();

    public void Dispose()
    {
        _data.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task Lines_of_one_order_are_one_purchase_and_what_came_back_is_a_refund()
    {
        var output = await ImportAsync(0, Write(Shop), "--currency", "GBP", "--cancelled-prefix", "C");
        Assert.Contains("6 in 3 purchases and 2 refunds", output);
        Assert.Contains("revenue 281.00 GBP for 7 units, refunded 30.50 GBP", output);
        var rows = await AskAsync("""["orders","refunds","units","revenue","average_order"]""", "visit:country");
        Assert.Equal(["DE 1 10.5 3 121 121", "FR 1 20 3 60 60", "ZZ 1 0 1 100 100"], rows);
        Assert.Equal(["Chair 0 20 0", "Chair with \"arms\" 1 0 3", "Lamp, small 1 10.5 2", "Table 2 0 2"],
            (await AskAsync("""["orders","refunds","units"]""", "item:name")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_unknown_country_name_is_listed_and_counted_under_ZZ_unless_it_is_mapped()
    {
        Assert.Contains("           1 EIRE", await ImportAsync(0, Write(Shop)));
        var told = await ImportAsync(0, Write(Shop), "--country-code", "EIRE=IE", "--site", "other.example");
        Assert.DoesNotContain("ZZ", told);
        Assert.Contains("IE 1", told);
        Assert.Contains("Ireland is not a country code", await ImportAsync(1, Write(Shop), "--country-code", "EIRE=Ireland"));
    }

    [Fact]
    public async Task An_order_counts_once_in_the_same_file_and_in_another_one()
    {
        await ImportAsync(0, Write(Shop));
        Assert.Contains("all imported before: nothing changed", await ImportAsync(0, Write(Shop)));
        var more = await ImportAsync(0, Write(Header + "1005,A,Lamp,1,2024-03-02 09:00:00,10,US\n" + Shop[Header.Length..]));
        Assert.Contains("1 in 1 purchase and 0 refunds", more);
        Assert.Contains("6 in 4 orders that were imported before", more);
        Assert.Contains("6 in 3 purchases", await ImportAsync(0, Write(Shop), "--site", "other.example"));
    }

    [Fact]
    public async Task A_running_server_takes_orders_and_knows_them_later()
    {
        await using (FootfallApp.Start(null, _data))
            Assert.Contains("3 purchases and 2 refunds", await ImportAsync(0, Write(Shop), "--cancelled-prefix", "C"));
        Assert.Contains("nothing changed", await ImportAsync(0, Write(Shop), "--cancelled-prefix", "C"));
        await using var app = FootfallApp.Start(null, _data);
        Assert.Equal(5, (await app.StatsAsync()).Values.Sum());
        Assert.Contains("There is no column Nr", await ImportAsync(1, Write(Shop), "--order", "Nr"));
    }

    [Fact]
    public async Task Lines_that_can_not_be_read_are_refused_by_reason_and_shown_with_their_number()
    {
        var output = await ImportAsync(0, Write(Header + """
            1,A,Lamp,1,2024-03-01 10:00,10,DE
            2,A,"Two
            lines",x,2024-03-01 10:00,10,DE
            3,A,Lamp,1,01.03.2024,10,DE
            ,A,Lamp,1,2024-03-01 10:00,10,DE
            4,A,Lamp,1,2024-03-01 10:00,-1,DE

            5,,,1,2024-03-01 10:00,10,DE
            6,A,Lamp
            7,A,La"mp,1,2024-03-01 10:00,10,DE
            8,A,Lamp,1,2999-03-01 10:00,10,DE

            """));
        Assert.Contains("10 lines", output);
        Assert.Contains("1 in 1 purchase", output);
        Assert.Contains("           1 blank", output);
        Assert.Contains("line 3 has a quantity", output);
        Assert.Contains("line 5 has a time", output);
        Assert.Contains("line 6 has no order number", output);
        Assert.Contains("line 7 has a price", output);
        Assert.Contains("line 9 has no item number or name", output);
        Assert.Contains("line 10 has fewer cells", output);
        Assert.Contains("line 11 has a quote", output);
        Assert.Contains("line 12 is in the future", output);
    }

    [Fact]
    public async Task Columns_times_delimiters_and_encodings_are_as_the_options_say()
    {
        var file = Write(Encoding.Latin1.GetBytes("Nr;Ware;Stück;Preis;Wann;Land\n1;Küche;2;10.5;31.12.2023 23:30;Österreich\n"));
        string[] options = ["--order", "Nr", "--item", "Ware", "--quantity", "Stück", "--price", "Preis", "--time", "Wann", "--country",
            "Land", "--delimiter", ";"];
        Assert.Contains("not in UTF-8",
            await ImportAsync(1, file, [.. options[..4], "--price", "Preis", "--time", "Wann", "--delimiter", ";"]));
        var output = await ImportAsync(0, file, [.. options, "--latin1", "--time-format", "dd.MM.yyyy HH:mm", "--time-zone",
            "Europe/Berlin", "--country-code", "Österreich=AT"]);
        Assert.Contains("revenue 21.00 EUR for 2 units", output);
        Assert.Contains("from 2023-12-31 22:30", output);
        Assert.Contains("AT 1", output);
        Assert.Contains("1 in 1 purchase", await ImportAsync(0,
            Write([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes("order,item,price,time\n77,A,1,2024-01-01T10:00:00+02:00\n")])));
    }

    [Fact]
    public async Task A_dry_run_counts_nothing()
    {
        var output = await ImportAsync(0, Write(Shop), "--dry-run");
        Assert.Contains("nothing was counted", output);
        Assert.Contains("3 purchases", output);
        Assert.Contains("3 purchases", await ImportAsync(0, Write(Shop)));
    }

    [Fact]
    public async Task Lines_too_far_from_their_order_are_refused_and_not_added_to_it()
    {
        var many = string.Concat(Enumerable.Range(1, 1_500).Select(i => $"N{i},A,Lamp,1,2024-03-01 10:00,1,DE\n"));
        var output = await ImportAsync(0,
            Write(Header + "1,A,Lamp,1,2024-03-01 10:00,1,DE\n" + many + "1,B,Table,1,2024-03-01 10:00,1,DE\n"));
        Assert.Contains("1,501 in 1,501 purchases", output);
        Assert.Contains("line 1503 belongs to an order", output);
        Assert.Contains("1 order imported without lines that come too far after it: 1", output);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("a,b\n1,2\n", "--order")]
    [InlineData("a;b\n1;2\n", "--delimiter")]
    public async Task A_file_that_has_no_orders_says_what_to_do(string content, string sentence) =>
        Assert.Contains(sentence, await ImportAsync(1, Write(content)));

    [Fact]
    public async Task A_quote_that_never_closes_is_reported_with_its_line()
    {
        var output = await ImportAsync(1, Write(Header + "1,A,Lamp,1,2024-03-01 10:00,1,DE\n2,A,\""
            + string.Concat(Enumerable.Repeat("3,A,Lamp,1,2024-03-01 10:00,1,DE\n", 10_000))));
        Assert.Contains("Line 3 has a quote that is never closed", output);
    }

    [Fact]
    public async Task A_purchase_that_the_shop_has_just_sent_itself_is_not_counted_again()
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var app = FootfallApp.Start(null, _data);
        using var answer = await app.Http.PostAsJsonAsync("/api/v1/events", new { name = "purchase", transaction_id = "T1", value = 5 },
            TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var output = await ImportAsync(0, Write(string.Create(CultureInfo.InvariantCulture, $"order,item,price,time\nT1,A,5,{now:O}\n")));
        Assert.Contains("already been sent by the shop itself", output);
        Assert.Equal(1, (await app.StatsAsync()).Values.Sum());
    }

    [Fact]
    public async Task A_real_day_of_a_shop_adds_up()
    {
        var file = SharedTestData.Find(Path.Combine("retail", "2010-12-01.csv"));
        Assert.SkipWhen(file is null, "The real orders are not on this machine.");
        await ImportAsync(0, file, "--currency", "GBP", "--cancelled-prefix", "C");
        var (lines, purchases, refunds) = (File.ReadLines(file).Count() - 1, new HashSet<string>(), new HashSet<string>());
        var (revenue, units) = (0m, 0m);
        foreach (var line in File.ReadLines(file).Skip(1))
        {
            // From the end: only the description may have commas of its own.
            var cells = line.Split(',');
            var (quantity, price) =
                (decimal.Parse(cells[^5], CultureInfo.InvariantCulture), decimal.Parse(cells[^3], CultureInfo.InvariantCulture));
            if (quantity < 0 || line[0] == 'C') refunds.Add(cells[0]);
            else
            {
                purchases.Add(cells[0]);
                revenue += quantity * price;
                units += quantity;
            }
        }
        Assert.True(lines > 3_000);
        var row = Assert.Single(await AskAsync("""["orders","units","revenue"]""", null, "2010-12-01"));
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{purchases.Count} {units:0.######} {revenue:0.######}"), row);
        Assert.Contains($"{purchases.Count} purchases and {refunds.Count} refunds",
            await ImportAsync(0, file, "--cancelled-prefix", "C", "--site", "other.example"));
    }

    [Fact]
    public async Task Numbers_with_a_decimal_comma_are_read_with_the_option()
    {
        var file = Write(
            "order;item;quantity;price;time\n1;A;1,5;1.234,50;2024-03-01\n2;A;1;\u00A01\u202F000;2024-03-01\n3;A;1;10.50;2024-03-01\n");
        Assert.Contains("--decimal-comma", await ImportAsync(0, file, "--delimiter", ";", "--dry-run"));
        var output = await ImportAsync(0, file, "--delimiter", ";", "--decimal-comma");
        Assert.Contains("revenue 2,851.75 EUR for 2.5 units", output);
        // A thousand and fifty for ten and a half would be worse than nothing.
        Assert.Contains("line 4 has a price", output);
    }

    [Fact]
    public async Task A_quote_that_never_closes_in_a_small_file_is_an_error_with_its_line()
    {
        var output = await ImportAsync(1, Write(Header
            + "1,A,\"Lamp\nand shade\",1,2024-03-01 10:00,1,DE\n2,A,\"Table,1,2024-03-01 10:00,1,DE\n3,A,Lamp,1,2024-03-01 10:00,1,DE\n"));
        Assert.Contains("Line 4 has a quote that is never closed", output);
        Assert.Contains("Line 2 has a quote that is never closed",
            await ImportAsync(1, Write(Header + "1,A,Lamp,1,2024-03-01 10:00,1,\"DE\n")));
    }

    [Fact]
    public async Task Lines_that_a_quote_swallows_are_reported_and_their_orders_held_back()
    {
        var output = await ImportAsync(0, Write(Header + """
            1,A,Lamp,1,2024-03-01 10:00,1,DE
            3,A,"Table,1,2024-03-01 10:00,1,DE
            1,A,Lamp,1,2024-03-01 10:00,1,DE
            2,A,"Lamp",1,2024-03-01 10:00,1,DE
            4,A,Chair",1,2024-03-01 10:00,1,DE
            5,A,Lamp,1,2024-03-01 10:00,1,DE

            """));
        Assert.Contains("6 lines", output);
        Assert.Contains("1 in 1 purchase", output);
        Assert.Contains("line 3 has a quote", output);
        Assert.Contains("line 4 was read as part of an earlier line", output);
        Assert.Contains("4 orders not imported, because each has a rejected line: 1, 3, 2, 4", output);
    }

    [Fact]
    public async Task An_order_with_a_rejected_line_is_not_counted_until_the_line_is_fixed()
    {
        const string Good = "1,A,Lamp,1,2024-03-01 10:00,1,DE\n2,A,Lamp,1,2024-03-01 10:00,1,DE\n";
        var output = await ImportAsync(0, Write(Header + Good + "1,B,Table,x,2024-03-01 10:00,5,DE\n"));
        Assert.Contains("1 in 1 purchase", output);
        Assert.Contains("line 2 belongs to an order with another rejected line", output);
        Assert.Contains("1 order not imported, because one of its lines was rejected: 1", output);
        output = await ImportAsync(0, Write(Header + Good + "1,B,Table,1,2024-03-01 10:00,5,DE\n"));
        Assert.Contains("2 in 1 purchase", output);
        Assert.Contains("revenue 6.00 EUR", output);
        Assert.DoesNotContain("not imported", output);
    }

    [Fact]
    public async Task An_order_of_too_many_lines_is_not_counted_in_part()
    {
        var output = await ImportAsync(0, Write(Header + string.Concat(Enumerable.Repeat("1,A,Lamp,1,2024-03-01 10:00,1,DE\n", 10_001))
            + "2,A,Lamp,1,2024-03-01 10:00,1,DE\n"));
        Assert.Contains("1 in 1 purchase", output);
        Assert.Contains("revenue 1.00 EUR", output);
        Assert.Contains("1 order not imported, because one of its lines was rejected: 1", output);
    }

    [Fact]
    public async Task Each_order_is_in_the_currency_of_its_column()
    {
        var output = await ImportAsync(0,
            Write("order,item,price,currency,time\n1,A,5,USD,2024-03-01\n2,A,7,,2024-03-01\n3,A,1,euro,2024-03-01\n4,A,1,GBP," +
                "2024-03-01\n4,A,1,USD,2024-03-01\n"), "--currency", "CHF");
        Assert.Contains("revenue 7.00 CHF and 5.00 USD for 2 units, refunded 0.00 CHF", output);
        Assert.Contains("line 4 has a currency", output);
        Assert.Contains("line 5 belongs to an order in several currencies", output);
        Assert.Contains("2 orders not imported", output);
        await using var app = FootfallApp.Start(null, _data, ("History:Enabled", "true"));
        await app.Http.CaughtUpAsync();
        var (_, body) =
            await app.Http.QueryAsync("""{"site_id":"default","metrics":["revenue"],"date_range":["2024-03-01","2024-03-01"]}""");
        Assert.Equal("""{"CHF":7,"USD":5}""", body["results"]![0]!["metrics"]![0]!["by_currency"]!.ToJsonString());
    }

    [Theory]
    [InlineData("Geld", "USD", true)]
    [InlineData("Währung", "Dollar", true)]
    [InlineData("Size", "XXL", false)]
    [InlineData("Note", "", false)]
    public async Task A_column_that_seems_to_have_the_currency_is_not_passed_over_in_silence(string name, string cell, bool said)
    {
        var file = Write($"order,item,price,{name},time\n1,A,5,{cell},2024-03-01\n2,A,5,,2024-03-01\n");
        var output = await ImportAsync(0, file, "--dry-run");
        var warning = $"The column \"{name}\" seems to have the currency, but is not used: amounts are in EUR.";
        Assert.Equal(said, output.Contains(warning, StringComparison.Ordinal));
        if (cell == "USD") Assert.Contains("revenue 5.00 EUR and 5.00 USD", await ImportAsync(0, file, "--currency-column", name));
    }

    private string Write(string content) => Write(Encoding.UTF8.GetBytes(content));

    private string Write(byte[] content)
    {
        var path = Path.Combine(_files, $"{Guid.NewGuid():N}.csv");
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>
    /// Starts a server with a history on the data and queries it; a row is the dimension and the values, amounts summed over currencies.
    /// </summary>
    private async Task<List<string>> AskAsync(string metrics, string? dimension, string day = "2024-03-01")
    {
        await using var app = FootfallApp.Start(null, _data, ("History:Enabled", "true"));
        await Eventually.BecomesAsync(
            async () => (await app.Http.GetStringAsync("/healthz", TestContext.Current.CancellationToken)).Contains(
                "\"state\":\"ready\",\"lag_seconds\":0,\"lag_commits\":0", StringComparison.Ordinal),
            "the history has caught up");
        using var answer = await app.Http.PostAsync("/api/v1/query", new StringContent(
            $$"""{"site_id":"default","metrics":{{metrics}}""" +
            $$""","date_range":["{{day}}","{{day}}"]{{(dimension is null ? "" : $",\"dimensions\":[\"{dimension}\"]," +
                $"\"order_by\":[[\"{dimension}\",\"asc\"]]")}}}"""),
            TestContext.Current.CancellationToken);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        return [.. body["results"]!.AsArray()
            .Select(row => string.Join(' ', row!["dimensions"]!.AsArray().Concat(row["metrics"]!.AsArray()).Select(Show)))];
    }

    private static string Show(JsonNode? value) => value is JsonObject money
        ? money["by_currency"]!.AsObject().Sum(amount => (decimal)amount.Value!).ToString(CultureInfo.InvariantCulture)
        : value!.ToString();

    private async Task<string> ImportAsync(int exitCode, string file, params string[] options)
    {
        var output = new StringWriter();
        var code = await CommandLineApp.RunAsync(["import", "orders", file, .. options, "-d", _data], output, output);
        Assert.True(exitCode == code, output.ToString());
        return output.ToString();
    }
}
