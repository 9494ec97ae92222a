using Footfall.Common;
using Footfall.Hosting;
using Microsoft.Extensions.Configuration;

namespace Footfall.Tests.Hosting;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("RateLimit:PerMinute", "lots",
        "--Footfall:RateLimit:PerMinute is \"lots\", but must be a whole number from 0 to 1,000,000.")]
    [InlineData("RateLimit:PerMinute", "-1", "--Footfall:RateLimit:PerMinute is \"-1\", but must be a whole number from 0 to 1,000,000.")]
    [InlineData("RateLimit:PerMinute", "1000001",
        "--Footfall:RateLimit:PerMinute is \"1000001\", but must be a whole number from 0 to 1,000,000.")]
    [InlineData("Durability", "Maybe", "--Footfall:Durability is \"Maybe\", but must be one of Fsync, Os.")]
    [InlineData("Durability", "1", "--Footfall:Durability is \"1\", but must be one of Fsync, Os.")]
    [InlineData("AcceptCountry", "yes", "--Footfall:AcceptCountry is \"yes\", but must be true or false.")]
    [InlineData("DataDirectory", "", "--Footfall:DataDirectory is \"\", but must be a path.")]
    [InlineData("AllowedOrigins", "shop.example", "--Footfall:AllowedOrigins is \"shop.example\", but must be * or origins such as "
        + "https://shop.example, separated by commas.")]
    [InlineData("ShutdownSeconds", "0", "--Footfall:ShutdownSeconds is \"0\", but must be a whole number from 1 to 600.")]
    [InlineData("MaxEventsBytes", "99999999999",
        "--Footfall:MaxEventsBytes is \"99999999999\", but must be a whole number from 1,024 to 268,435,456.")]
    public void A_wrong_value_is_reported_in_one_sentence(string name, string value, string sentence) =>
        Assert.Equal(sentence, Mistakes($"--Footfall:{name}={value}"));

    [Fact]
    public void Every_wrong_setting_has_its_sentence()
    {
        var mistakes = Mistakes("--Footfall:QueueLimit=0", "--Footfall:Durability=x", "--Footfall:ShutdownSeconds=999").Split('\n');
        Assert.Equal(["Durability", "QueueLimit", "ShutdownSeconds"], mistakes.Select(line => line.Split(' ')[0].Split(':')[1]));
    }

    [Fact]
    public void An_unknown_name_is_reported_with_the_known_ones()
    {
        var lines = Mistakes("--Footfall:RateLimits:PerMinute=5").Split('\n');
        Assert.Equal("--Footfall:RateLimits:PerMinute is not a setting.", lines[0]);
        Assert.StartsWith("The settings are Footfall__DataDirectory, Footfall__Journal, ", lines[1], StringComparison.Ordinal);
        Assert.Contains("Footfall__RateLimit__PerMinute", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Footfall:Sites:0:Domain=a b",
        "--Footfall:Sites:0:Domain is \"a b\", but must be a domain of at most 253 characters, such as shop.example.")]
    [InlineData("--Footfall:Sites:0:TimeZone=UTC", "Footfall__Sites__0__Domain is missing: each site needs a domain.")]
    public void Sites_are_checked_too(string argument, string sentence) => Assert.Equal(sentence, Mistakes(argument));

    [Fact]
    public void A_time_zone_must_exist() =>
        Assert.Contains("Sites:0:TimeZone is \"Mars/Olympus\"",
            Mistakes("--Footfall:Sites:0:Domain=shop.example", "--Footfall:Sites:0:TimeZone=Mars/Olympus"), StringComparison.Ordinal);

    [Fact]
    public void Right_settings_pass_in_any_case()
    {
        SettingsValidator.Validate(Configure("--footfall:ratelimit:perminute=0", "--Footfall:Durability=os",
            "--Footfall:AcceptCountry=FALSE", "--Footfall:Sites:0:Domain=shop.example", "--Footfall:Sites:0:Currency=USD",
            "--Footfall:TrustedProxies="));
        SettingsValidator.Validate(Configure());
    }

    [Fact]
    public void The_documentation_names_each_setting_with_its_default_and_range()
    {
        var documented = File.ReadLines(Path.Combine(Repository.Root, "docs", "settings.md"))
            .Where(line => line.StartsWith("| `Footfall__", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..4])
            .Select(cells => $"{cells[0].Trim('`')} | {cells[1].Trim('`')} | {cells[2]}");
        Assert.Equal(Setting.All.Select(setting => $"{setting.Name} | {setting.Default} | {setting.Allowed}"), documented);
    }

    private static string Mistakes(params string[] arguments) =>
        Assert.Throws<StartupException>(() => SettingsValidator.Validate(Configure(arguments))).Message;

    private static IConfigurationRoot Configure(params string[] arguments) => new ConfigurationBuilder().AddCommandLine(arguments).Build();
}
