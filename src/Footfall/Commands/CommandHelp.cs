using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Footfall.Hosting;

namespace Footfall.Commands;

/// <summary><c>--help</c>: of the program with its settings and examples, of a command as System.CommandLine writes it, with examples.</summary>
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
        Footfall {BuildInfo.Version} counts the visits of shops by country.

        Usage:
          footfall [settings]                           start the server
          footfall serve [settings]                     the same
          footfall import access-log FILE... [options]  import the logs of a web server
          footfall import orders FILE... [options]      import the orders of another shop system
          footfall backup DIR [options]                 copy all data, also while the server runs
          footfall restore DIR [options]                bring a backup back
          footfall delete-site DOMAIN [options]         delete all data of one shop, also while the server runs
          footfall rebuild-history FILE... [options]    make the history anew of exports of hits
          footfall accept-journal [options]             go on with a journal that lacks hits
          footfall demo [options]                       play a day of a made-up shop against a running server
          footfall healthcheck                          ask the server of this machine whether it takes hits
          footfall --help | --version

        Settings, of the server and of the commands alike (name, default, and what it may be):
        {string.Join('\n', Setting.All.Select(Describe))}
          ASPNETCORE_URLS (http://localhost:3030): where the server listens

          In the environment as above; on the command line as --Footfall:Durability=Os and --urls=http://localhost:3030; or in appsettings.json.

        Examples:
          footfall
          footfall --urls=http://localhost:8080 --Footfall:DataDirectory=/var/lib/footfall
          footfall import access-log /var/log/nginx/access.log*
          footfall import access-log --help
          footfall import orders orders.csv --currency GBP --cancelled-prefix C

        The answers of the server are described at http://localhost:3030/api/v1/docs

        """;

    private static string Describe(Setting setting) => $"  {setting.Name} ({setting.Default switch { null or "" => "none", var value => value }}): {setting.Allowed}";

    private const string Backup = """
        Examples:
          footfall backup /backups/2026-11-24
          footfall backup /backups/2026-11-24 --data-directory /var/lib/footfall

        Run it as the user of the server. Hits are counted meanwhile; the history waits for some seconds while it is copied. The backup is complete when it has its
        manifest.json, and not before: what a backup leaves that was killed is taken away by the next one into the same directory.

        The salts of visitors are not in it, on purpose: with them visitors could be found again after 48 hours.

        """;

    private const string Restore = """
        Examples:
          footfall restore /backups/2026-11-24
          footfall restore /backups/2026-11-24 --force

        The files are checked against the manifest first, and the data is touched only when all of them are copied.

        """;

    private const string DeleteSite = """
        Examples:
          footfall delete-site shop.example
          footfall delete-site shop.example --yes

        Deletes the counts, hits, orders and everything else of the shop, for good, and gives the space on the disk back. What the shop sends afterwards is counted
        from zero. Backups that were made before still have the data.

        """;

    private const string Import = """
        Examples:
          footfall import access-log /var/log/nginx/access.log
          footfall import access-log access.log access.log.1 access.log.2.gz --site shop.example
          footfall import access-log old.log --data-directory /var/lib/footfall

        The common and the combined format of Apache and nginx are read, plain or gzip, each file whatever its name. A page view is a GET with a
        status of 200 to 299 or 304 that is no static file. Visits are decided by the times in the log: 30 minutes without a page view end one.
        Robots are marked, and are in no visit.

        What was imported is known by its content: the same log again, renamed, compressed or grown, counts each line once, and an import that
        was interrupted goes on where it stopped. A server that runs on the same data directory keeps running.

        """;

    private const string Demo = """
        Examples:
          footfall demo
          footfall demo --speed 600 --visits 20000
          footfall demo --url https://footfall.example --site demo.example --seed 7

        Visits come from some sixty countries, each when it is day there, by search, social networks, mail and links, on telephones and computers; about one in thirty
        ends with an order. They are counted as they come, so the live page moves. The site is demo.example, which is that of the shop at /demo: its counts are gone
        with footfall delete-site demo.example.

        """;

    private const string Rebuild = """
        Examples:
          curl -fOJ 'http://localhost:3030/api/v1/export?site_id=shop.example&date_range=all&format=parquet'
          footfall rebuild-history shop.example-hits-*.parquet

        The files are exports of hits (what=hits) of whole days, in CSV, NDJSON or Parquet, of every site. A hit that stands in several of them is taken
        once. The server must be stopped. The new history takes the place of the old one when it is whole; the old one is kept beside it. When the
        server starts, the history goes on with the hits that came in after the exports were made.

        """;

    private const string Orders = """
        Examples:
          footfall import orders orders.csv --site shop.example --currency GBP --cancelled-prefix C
          footfall import orders old.csv --order Nr --item SKU --price Unit --time Bought --time-format "dd.MM.yyyy HH:mm" --delimiter ";" --decimal-comma --latin1
          footfall import orders orders.csv --dry-run --country-code EIRE=IE

        The first line of a file is its header. Lines with one order number are one purchase with that many items, wherever they stand within some
        1,000 orders; lines with a quantity below 0, and cancelled orders, are a refund. Each is a visit of its own, since who bought is not known.
        A country whose name is not known is listed, and counted under ZZ. An order of which a line can't be read is listed, and not counted: mend the
        line, and import the file again. Prices are those of one piece.

        An order is known by its number: in the same file or another one it counts once for each shop, and an import that was interrupted goes on
        where it stopped. A server that runs on the same data directory keeps running.

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
