using Footfall.Common;
using Footfall.Enrich;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Footfall.Tests.Enrich;

public sealed class ReferenceFilesTests
{
    [Fact]
    public void The_build_brings_the_data()
    {
        var log = new ListLogger();
        var files = new ReferenceFiles(ReferenceFiles.DefaultDirectory, Options.Create(new FootfallOptions()), log);
        Assert.NotNull(files.Countries);
        Assert.NotNull(files.Bots);
        Assert.NotNull(files.Agents);
        Assert.Empty(log.Written);
    }

    [Fact]
    public void Missing_data_is_reported_in_one_line_that_says_what_to_install()
    {
        var log = new ListLogger();
        var files = new ReferenceFiles("/nowhere", Options.Create(new FootfallOptions()), log);
        Assert.Null(files.Countries);
        Assert.Null(files.Bots);
        Assert.Null(files.Agents);
        var (level, line) = Assert.Single(log.Written);
        Assert.Equal(LogLevel.Warning, level);
        Assert.Equal("In /nowhere there is no country database, so hits without a country are counted as ZZ; there is no bot list, so "
            + "bots count as visitors; there are no browser patterns, so browsers, operating systems and devices are unknown. Install "
            + "Node.js 20 or later, which brings npm, and build again.", line);
    }

    [Fact]
    public void A_country_file_of_the_settings_is_not_missed()
    {
        var log = new ListLogger();
        _ = new ReferenceFiles("/nowhere", Options.Create(new FootfallOptions { CountryDatabase = "mine.mmdb" }), log);
        Assert.DoesNotContain("country", Assert.Single(log.Written).Line, StringComparison.Ordinal);
    }

    internal static ReferenceFiles Files(string directory) =>
        new(directory, Options.Create(new FootfallOptions()), NullLogger<ReferenceFiles>.Instance);

    private sealed class ListLogger : ILogger<ReferenceFiles>
    {
        public List<(LogLevel Level, string Line)> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?,
            string> formatter) =>
            Written.Add((logLevel, formatter(state, exception)));
    }
}
