using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Footfall.Hosting;

namespace Footfall.Commands;

/// <summary>
/// <c>--help</c>: of the program with its settings and examples, of a command as System.CommandLine writes it, with examples.
/// </summary>
internal sealed class CommandHelp : SynchronousCommandLineAction
{
    private readonly HelpAction _default = new();

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is RootCommand) output.Write(GetProgramHelp());
        else _default.Invoke(parseResult);
        output.Write(parseResult.CommandResult.Command.Name switch
        {
            "import" => Import + Orders,
            ImportAccessLogCommand.Name => Import,
            ImportOrdersCommand.Name => Orders,
            RebuildHistoryCommand.Name => Rebuild,
            BackupCommand.Name => Backup,
            RestoreCommand.Name => Restore,
            DeleteSiteCommand.Name => DeleteSite,
            DemoCommand.Name => Demo,
            _ => "",
        });
        return 0;
    }

    private static string GetProgramHelp() => $"""
        Footfall {BuildInfo.Version} counts visits to shops by country.

        Usage:
          footfall [settings]                           start the server
          footfall serve [settings]                     the same
          footfall import access-log FILE... [options]  import the logs of a web server
          footfall import orders FILE... [options]      import the orders of another shop system
          footfall backup DIR [options]                 copy all data; the server may be running
          footfall restore DIR [options]                restore a backup
          footfall delete-site DOMAIN [options]         delete all data of one shop; the server may be running
          footfall rebuild-history FILE... [options]    rebuild the history from exports of hits
          footfall accept-journal [options]             accept a journal that lacks hits
          footfall demo [options]                       play a day of a made-up shop on a running server
          footfall healthcheck                          check whether the server on this machine accepts hits
          footfall --help | --version

        Settings of the server and of the commands (name, default, and allowed values):
        {string.Join('\n', Setting.All.Select(Describe))}
          ASPNETCORE_URLS (http://localhost:3030): the address to listen on

          In the environment as above; on the command line as --Footfall:Durability=Os and --urls=http://localhost:3030;
          or in appsettings.json.

        Examples:
          footfall
          footfall --urls=http://localhost:8080 --Footfall:DataDirectory=/var/lib/footfall
          footfall import access-log /var/log/nginx/access.log*
          footfall import access-log --help
          footfall import orders orders.csv --currency GBP --cancelled-prefix C

        The API of the server is described at http://localhost:3030/api/v1/docs

        """;

    private static string Describe(Setting setting) =>
        $"  {setting.Name} ({setting.Default switch { null or "" => "none", var value => value }}): {setting.Allowed}";

    private const string Backup = """
        Examples:
          footfall backup /backups/2026-11-24
          footfall backup /backups/2026-11-24 --data-directory /var/lib/footfall

        Run it as the user of the server. Hits are still counted; the history waits for some seconds while it is copied. The backup is
        complete when it has its manifest.json, and not before. The next backup into the same directory removes what an interrupted one
        left there.

        The visitor salts are left out on purpose: with them, visitors could be recognized after 48 hours.

        """;

    private const string Restore = """
        Examples:
          footfall restore /backups/2026-11-24
          footfall restore /backups/2026-11-24 --force

        The files are checked against the manifest first, and the data is replaced only when all of them are copied.

        """;

    private const string DeleteSite = """
        Examples:
          footfall delete-site shop.example
          footfall delete-site shop.example --yes

        Deletes the counts, hits, orders and everything else of the shop, for good, and frees the disk space. What the shop sends
        afterwards is counted from zero. Earlier backups still have the data.

        """;

    private const string Import = """
        Examples:
          footfall import access-log /var/log/nginx/access.log
          footfall import access-log access.log access.log.1 access.log.2.gz --site shop.example
          footfall import access-log old.log --data-directory /var/lib/footfall

        The common and the combined format of Apache and nginx are read, plain or gzip; file names do not matter. A page view is a GET
        with a status of 200 to 299 or 304 that is not a static file. The times in the log decide the visits: 30 minutes without a page
        view end one. Bots are marked, and not counted as visits.

        Lines are recognized by their content: a log that is imported again, renamed, compressed or grown, counts each line once, and an
        import that was interrupted continues where it stopped. A server that runs on the same data directory keeps running.

        """;

    private const string Demo = """
        Examples:
          footfall demo
          footfall demo --speed 600 --visits 20000
          footfall demo --url https://footfall.example --site demo.example --seed 7

        Visits come from about sixty countries, during the day there, through search, social networks, email and links, on phones and
        computers; about one in thirty ends with an order. They are counted as they come, so the live page moves. The site is
        demo.example, the shop at /demo. To delete its counts, run footfall delete-site demo.example.

        """;

    private const string Rebuild = """
        Examples:
          curl -fOJ 'http://localhost:3030/api/v1/export?site_id=shop.example&date_range=all&format=parquet'
          footfall rebuild-history shop.example-hits-*.parquet

        The files are exports of hits (what=hits) of whole days, in CSV, NDJSON or Parquet, of every site. A hit that is in several files
        is counted once. The server must be stopped. The new history replaces the old one when it is complete; the old one is kept beside
        it. When the server starts, the history continues with the hits that came in after the exports were made.

        """;

    private const string Orders = """
        Examples:
          footfall import orders orders.csv --site shop.example --currency GBP --cancelled-prefix C
          footfall import orders old.csv --order Nr --item SKU --price Unit --time Bought --time-format "dd.MM.yyyy HH:mm" \
            --delimiter ";" --decimal-comma --latin1
          footfall import orders orders.csv --dry-run --country-code EIRE=IE

        The first line of a file is its header. Lines with the same order number are one purchase with that many items, if they are within
        about 1,000 orders of each other; lines with a quantity below 0, and canceled orders, are refunds. Each order is a visit of its
        own, because the buyer is unknown. Unknown country names are listed, and counted under ZZ. An order with a line that can't be read
        is listed, and not counted: fix the line, and import the file again. Prices are unit prices.

        An order is recognized by its number: it counts once for each shop, in the same file or another one, and an interrupted import
        continues where it stopped. A server that runs on the same data directory keeps running.

        """;
}

/// <summary><c>--version</c>.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"footfall {BuildInfo.Version}");
        return 0;
    }
}
