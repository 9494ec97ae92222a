using System.Globalization;
using LiveBench;

const string Usage = """
    LiveBench URL WATCHERS VISITS SECONDS [PID]

    Opens WATCHERS streams of one site, posts VISITS visits a second for SECONDS,
    and says how long each watcher waited for what it should see.
    PID: the server, whose memory is read before and after.
    """;
if (args is not [var url, var watchers, var visits, var seconds, .. var rest])
{
    Console.Error.WriteLine(Usage);
    return 2;
}
var run = new Run(new Uri(url), Number(watchers), Number(visits), Number(seconds), rest is [var pid] ? Number(pid) : null);
return await run.GoAsync() ? 0 : 1;

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
