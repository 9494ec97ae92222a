using System.Globalization;
using System.Text;
using Footfall.Import;
using Footfall.Import.AccessLog;
using Microsoft.Extensions.DependencyInjection;

namespace Footfall.Tests.Import.AccessLog;

/// <summary>Writes logs, and imports them as the command does.</summary>
internal static class AccessLogBuilder
{
    public const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0";
    public const string Googlebot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

    public static readonly DateTimeOffset Start = new(2015, 5, 17, 10, 0, 0, TimeSpan.Zero);

    /// <param name="minute">After <see cref="Start"/>.</param>
    public static string Line(double minute, string host = "198.51.100.1", string request = "GET / HTTP/1.1", int status = 200,
        string agent = Firefox) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{host} - - [{Start.AddMinutes(minute):dd/MMM/yyyy:HH:mm:ss} +0000] \"{request}\" {status} 1234 \"-\" \"{agent}\"\n");

    public static Task<ImportSummary> ImportAsync(this FootfallApp app, string log, string site = "", bool includeAssets = false) =>
        ImportAsync(app.Services.GetRequiredService<AccessLogImporter>(), Encoding.UTF8.GetBytes(log), site, includeAssets);

    public static async Task<ImportSummary> ImportAsync(this IAccessLogImporter target, byte[] log, string site = "",
        bool includeAssets = false)
    {
        var stop = TestContext.Current.CancellationToken;
        while (true)
        {
            var state = await target.GetStateAsync(site, stop);
            var resume = await ResumePointFinder.FindAsync(() => new MemoryStream(log), state.Known, stop);
            Assert.False(resume.Overlaps);
            var summary = await target.ImportAsync(new MemoryStream(log),
                new AccessLogRequest(site, resume.From, state.Token, includeAssets), null, stop);
            // An import that was broken off may still have had a commit under way.
            if (summary.Status != ImportStatus.Outdated) return summary;
        }
    }
}
