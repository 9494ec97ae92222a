using System.Text.RegularExpressions;
using CsCheck;
using Footfall.Common;
using Microsoft.Extensions.Options;

namespace Footfall.Tests.Common;

public sealed partial class SiteRegistryTests
{
    private static readonly Gen<string> Domains = Gen.OneOf(
        Gen.String,
        Gen.OneOf("a", "A", "-", "_", ".", "é", "É", "ß", "。", "ｓ", "\u212A", "xn--", "9", " ", "\0", "\ud800", "\u0130", "漢", "😀",
            new string('x', 60)).Array[0, 8].Select(string.Concat));

    [Fact]
    public void A_normalised_domain_is_lower_case_ASCII_of_labels_or_null() => Domains.Sample(domain =>
    {
        var normalised = SiteRegistry.NormalizeDomain(domain);
        if (normalised is null) return;
        Assert.Matches(Normal(), normalised);
        Assert.True(normalised.Length <= 253);
        Assert.All(normalised.Split('.'), label => Assert.True(label.Length <= 63));
        Assert.Equal(normalised, SiteRegistry.NormalizeDomain(normalised));
    });

    [Fact]
    public void A_domain_of_ASCII_is_accepted_exactly_if_it_has_the_form() =>
        Gen.OneOf('a', 'Z', '0', '-', '_', '.', ' ', '/', ':').Array[0, 12].Select(characters => new string(characters)).Sample(domain =>
            SiteRegistry.NormalizeDomain(domain) == (Normal().IsMatch(domain.ToLowerInvariant()) ? domain.ToLowerInvariant() : null));

    [Fact]
    public void A_site_is_one_object_however_it_is_written() => Gen.Select(Domains, Gen.Bool).Sample((domain, upper) =>
    {
        var sites = new SiteRegistry(Options.Create(new FootfallOptions()), TimeProvider.System);
        if (sites.GetOrAdd(domain, out var site) != RejectReason.None) return;
        Assert.Equal(RejectReason.None, sites.GetOrAdd(site.Domain, out var again));
        Assert.Same(site, again);
        Assert.Equal(RejectReason.None, sites.GetOrAdd(upper ? site.Domain.ToUpperInvariant() : domain, out again));
        Assert.Same(site, again);
        Assert.Same(site, sites.GetOrAddStored(site.Domain));
    });

    [Fact]
    public void The_limits_of_a_domain_are_exact()
    {
        var label = new string('a', 63);
        Assert.NotNull(SiteRegistry.NormalizeDomain(label));
        Assert.Null(SiteRegistry.NormalizeDomain(label + "a"));
        var longest = $"{label}.{label}.{label}.{new string('a', 61)}";
        Assert.Equal(253, longest.Length);
        Assert.NotNull(SiteRegistry.NormalizeDomain(longest));
        Assert.Null(SiteRegistry.NormalizeDomain(longest + "a"));
    }

    [GeneratedRegex("^(?!-)[a-z0-9_-]+(?<!-)(\\.(?!-)[a-z0-9_-]+(?<!-))*$", RegexOptions.CultureInvariant)]
    private static partial Regex Normal();
}
