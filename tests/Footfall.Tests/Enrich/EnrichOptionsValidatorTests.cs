using Footfall.Common;
using Footfall.Enrich;
using Microsoft.Extensions.Options;

namespace Footfall.Tests.Enrich;

public sealed class EnrichOptionsValidatorTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" , ")]
    [InlineData("10.0.0.0/8, 192.0.2.7,2001:db8::/32, ::1, 0.0.0.0/0, ::/0, 10.1.2.3/32, 2001:db8::1/128")]
    public void Right_networks_are_accepted(string proxies) =>
        Assert.True(Validate(new FootfallOptions { TrustedProxies = proxies }).Succeeded);

    [Theory]
    [InlineData("proxy.example", "\"proxy.example\" is neither an address")]
    [InlineData("10.0.0.0/33", "the number after the slash must be from 0 to 32")]
    [InlineData("2001:db8::/129", "the number after the slash must be from 0 to 128")]
    [InlineData("10.0.0.0/-1", "the number after the slash must be from 0 to 32")]
    [InlineData("10.0.0.0/", "the number after the slash must be from 0 to 32")]
    [InlineData("10.0.0.1/8", "write 10.0.0.0/8")]
    [InlineData("2001:db8::1/32", "write 2001:db8::/32")]
    [InlineData("10.0.0", "\"10.0.0\" is neither")]
    [InlineData("10.0.0.5:80", "\"10.0.0.5:80\" is neither")]
    [InlineData("*", "\"*\" is neither")]
    public void A_wrong_network_is_refused_with_a_sentence(string proxies, string part)
    {
        var failure = Assert.Single(Validate(new FootfallOptions { TrustedProxies = $"192.0.2.7, {proxies}" }).Failures!);
        Assert.StartsWith("The setting Footfall:TrustedProxies is wrong: ", failure, StringComparison.Ordinal);
        Assert.Contains(part, failure, StringComparison.Ordinal);
        Assert.EndsWith(".", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_country_file_is_refused_with_a_sentence()
    {
        var directory = Directory.CreateTempSubdirectory("footfall-test-").FullName;
        var good = new CountryDatabaseBuilder().Flat("8.8.8.0/24", "US").ToBytes();
        var noCountries = new CountryDatabaseBuilder().Nested("8.8.8.0/24", null).ToBytes();
        foreach (var (content, part) in new (byte[]?, string)[]
        {
            (null, "does not exist"), ([], "can't be read"), ("not a database"u8.ToArray(), "can't be read"),
            (good[..^40], "can't be read"),
            (good[200..], "can't be read"), (noCountries, "has no countries"),
        })
        {
            var path = Path.Combine(directory, $"{Guid.NewGuid():N}.mmdb");
            if (content is not null) File.WriteAllBytes(path, content);
            var failure = Assert.Single(Validate(new FootfallOptions { CountryDatabase = path }).Failures!);
            Assert.StartsWith($"The setting Footfall:CountryDatabase is wrong: the file {path} ", failure, StringComparison.Ordinal);
            Assert.Contains(part, failure, StringComparison.Ordinal);
        }
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData("TrustedProxies", "10.0.0.1/8")]
    [InlineData("CountryDatabase", "/nowhere/country.mmdb")]
    public async Task The_program_does_not_start_with_a_wrong_setting(string setting, string value)
    {
        using var data = new TemporaryDirectory();
        await using var program = FootfallProcess.Launch(data, null, ($"Footfall__{setting}", value));
        await program.WaitForExitAsync();
        Assert.Equal(1, program.ExitCode);
        Assert.Contains($"The setting Footfall:{setting} is wrong: ", program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", program.Output, StringComparison.Ordinal);
    }

    private static ValidateOptionsResult Validate(FootfallOptions options) => new EnrichOptionsValidator().Validate(null, options);
}
