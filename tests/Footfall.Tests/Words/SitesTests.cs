using System.Text.RegularExpressions;
using CsCheck;
using Footfall.Words;
using Microsoft.Extensions.Options;

namespace Footfall.Tests.Words;

public sealed partial class SitesTests
{
    private static readonly Gen<string> Domains = Gen.OneOf(
        Gen.String,
        Gen.OneOf("a", "A", "-", "_", ".", "é", "É", "ß", "。", "ｓ", "\u212A", "xn--", "9", " ", "\0", "\ud800", "\u0130", "漢", "😀", new string('x', 60)).Array[0, 8].Select(string.Concat));

    [Fact]
    public void A_normalised_domain_is_lower_case_ASCII_of_labels_or_null() => Domains.Sample(domain =>
    {
        var normalised = Sites.Normalise(domain);
        if (normalised is null) return;
        Assert.Matches(Normal(), normalised);
        Assert.True(normalised.Length <= 253);
        Assert.All(normalised.Split('.'), label => Assert.True(label.Length <= 63));
        Assert.Equal(normalised, Sites.Normalise(normalised));
    });

    [Fact]
    public void A_domain_of_ASCII_is_accepted_exactly_if_it_has_the_form() =>
        Gen.OneOf('a', 'Z', '0', '-', '_', '.', ' ', '/', ':').Array[0, 12].Select(characters => new string(characters)).Sample(domain =>
            Sites.Normalise(domain) == (Normal().IsMatch(domain.ToLowerInvariant()) ? domain.ToLowerInvariant() : null));

    [Fact]
    public void A_site_is_one_object_however_it_is_written() => Gen.Select(Domains, Gen.Bool).Sample((domain, upper) =>
    {
        var sites = new Sites(Options.Create(new FootfallOptions()), TimeProvider.System);
        if (sites.Find(domain, out var site) != RejectReason.None) return;
        Assert.Equal(RejectReason.None, sites.Find(site.Domain, out var again));
        Assert.Same(site, again);
        Assert.Equal(RejectReason.None, sites.Find(upper ? site.Domain.ToUpperInvariant() : domain, out again));
        Assert.Same(site, again);
        Assert.Same(site, sites.Restore(site.Domain));
    });

    [Fact]
    public void The_limits_of_a_domain_are_exact()
    {
        var label = new string('a', 63);
        Assert.NotNull(Sites.Normalise(label));
        Assert.Null(Sites.Normalise(label + "a"));
        var longest = $"{label}.{label}.{label}.{new string('a', 61)}";
        Assert.Equal(253, longest.Length);
        Assert.NotNull(Sites.Normalise(longest));
        Assert.Null(Sites.Normalise(longest + "a"));
    }

    [GeneratedRegex("^(?!-)[a-z0-9_-]+(?<!-)(\\.(?!-)[a-z0-9_-]+(?<!-))*$", RegexOptions.CultureInvariant)]
    private static partial Regex Normal();
}
