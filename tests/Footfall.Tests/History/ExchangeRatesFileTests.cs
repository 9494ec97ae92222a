using Footfall.Common;
using Footfall.History;
using Footfall.Tests.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests.History;

public sealed class ExchangeRatesFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new();
    private readonly MemoryLoggerProvider _log = new();
    private readonly string _file;
    private readonly ExchangeRatesFile _rates;

    public ExchangeRatesFileTests()
    {
        _file = Path.Combine(_directory, "rates.csv");
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(_log));
        _rates = new ExchangeRatesFile(_file, _time, factory.CreateLogger<ExchangeRatesFile>());
    }

    private decimal? Dollars => _rates.Current.Convert(10, "USD", "EUR", 0);

    [Fact]
    public void The_file_is_read_again_when_it_changes()
    {
        File.WriteAllText(_file, "USD,2");
        Assert.Equal(5m, Dollars);
        File.WriteAllText(_file, "USD,1.25");
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(8m, Dollars);
    }

    [Fact]
    public void A_file_that_became_wrong_is_reported_once_and_leaves_the_last_rates()
    {
        File.WriteAllText(_file, "USD,2");
        Assert.Equal(5m, Dollars);
        File.WriteAllText(_file, "USD,two");
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            Assert.Equal(5m, Dollars);
        }
        Assert.Contains("line 1 has the rate \"two\"", Assert.Single(_log.Lines).Text, StringComparison.Ordinal);
        File.Delete(_file);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(5m, Dollars);
        Assert.Equal(2, _log.Lines.Count);
        File.WriteAllText(_file, "USD,4");
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(2.5m, Dollars);
    }

    [Fact]
    public void At_the_start_a_wrong_file_is_refused_with_a_sentence()
    {
        var validator = new HistoryOptionsValidator();
        Assert.True(validator.Validate(null, new FootfallOptions()).Succeeded);
        Assert.StartsWith($"The setting Footfall:History:Rates is wrong: the file {_file} can't be read (", Failure(),
            StringComparison.Ordinal);
        File.WriteAllText(_file, "USD,two");
        Assert.Equal($"The setting Footfall:History:Rates is wrong: in the file {_file}, line 1 has the rate \"two\", but a rate must be "
            + $"a number above 0, such as 1.0512.", Failure());
        File.WriteAllText(_file, "USD,2");
        Assert.True(validator.Validate(null, Options()).Succeeded);

        string Failure() => Assert.Single(validator.Validate(null, Options()).Failures!);
        FootfallOptions Options() => new() { History = new HistoryOptions { Rates = _file } };
    }

    public void Dispose() => _directory.Dispose();
}
