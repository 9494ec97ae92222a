using CsCheck;
using Footfall.Common;

namespace Footfall.Tests.Common;

public sealed class CountryTests
{
    [Fact]
    public void There_are_the_249_countries_of_the_standard_and_Kosovo()
    {
        Assert.Equal(250, Country.All.Count());
        Assert.Contains("XK", Country.All.Select(country => country.Code));
        Assert.DoesNotContain("UK", Country.All.Select(country => country.Code));
        Assert.DoesNotContain("ZZ", Country.All.Select(country => country.Code));
    }

    [Fact]
    public void A_code_is_read_in_either_case_or_refused_for_its_format_or_as_unknown()
    {
        var known = Country.All.Select(country => country.Code).ToHashSet();
        for (var first = '\0'; first < 0x2200; first++)
        {
            // All pairs of ASCII, and each other letter beside one of ASCII.
            for (var second = '\0'; second < 128; second++)
            {
                string code = new([first, second]);
                var reason = Country.Parse(code, out var country);
                var upper = first < 128 ? code.ToUpperInvariant() : code;
                var expected = !char.IsAsciiLetter(first) || !char.IsAsciiLetter(second) ? RejectReason.InvalidCountryCodeFormat
                    : upper == "UK" || known.Contains(upper) ? RejectReason.None
                    : RejectReason.UnknownCountryCode;
                if (expected != reason) Assert.Fail($"{(int)first:x} {(int)second:x}: {reason}");
                Assert.Equal(reason != RejectReason.None ? "ZZ" : upper == "UK" ? "GB" : upper, country.Code);
            }
        }
    }

    [Fact]
    public void Whatever_has_not_two_characters_is_refused() => Gen.String.Where(text => text.Length != 2).Sample(text =>
        Country.Parse(text, out var country) == (text.Length == 0 ? RejectReason.MissingCountryCode : RejectReason.InvalidCountryCodeFormat)
            && country == Country.Unknown);

    [Fact]
    public void A_code_comes_back_as_it_was_stored()
    {
        foreach (var country in Country.All.Append(Country.Unknown))
        {
            Assert.Equal(country, Country.FromStored(country.Code));
            Assert.Equal(country.Code, System.Text.Encoding.ASCII.GetString(country.Utf8));
            Assert.Equal(country.Code.ToLowerInvariant(), country.LowerCode);
        }
    }
}
