using System.Text.RegularExpressions;
using CsCheck;
using Footfall.Common;
using Footfall.Enrich;
using MessagePack;

namespace Footfall.Tests.Enrich;

public sealed partial class AcceptLanguageParserTests
{
    [Theory]
    [InlineData("de-AT,de;q=0.9,en;q=0.8", "de-AT")]
    [InlineData("de", "de")]
    [InlineData("EN-us", "en-US")]
    [InlineData("en;q=0.5, fr;q=0.8", "fr")]
    [InlineData("*, es;q=0.2", "es")]
    [InlineData("en;q=0, fr;q=0.1", "fr")]
    [InlineData("zh-Hant-TW", "zh-TW")]
    [InlineData("zh-Hans", "zh")]
    [InlineData("es-419", "es-419")]
    [InlineData("de-CH-1901", "de-CH")]
    [InlineData("en-u-ca-gregory", "en")]
    [InlineData("sr-Latn-RS;q=1.0", "sr-RS")]
    [InlineData(" pt-BR ; q=0.7 ", "pt-BR")]
    [InlineData("", null)]
    [InlineData("*", null)]
    [InlineData("x", null)]
    [InlineData("de_DE", null)]
    [InlineData("<b>", null)]
    [InlineData("en;q=2", null)]
    [InlineData("en;q=NaN", null)]
    public void The_language_of_the_highest_weight_is_taken(string header, string? expected) => Assert.Equal(expected, Read(header));

    [Fact]
    public void Whatever_is_sent_gives_a_language_or_none() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["abDE-,;q=0.19* \u00e9"], 0, 60]).Sample(header =>
        {
            if (Read(header) is { } language) Assert.Matches(Tag(), language);
        });

    [Fact]
    public void What_was_seen_before_allocates_nothing()
    {
        AcceptLanguageParser.Parse("de-AT,de;q=0.9,en;q=0.8");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) AcceptLanguageParser.Parse("de-AT,de;q=0.9,en;q=0.8");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
    }

    private static string? Read(string header)
    {
        var fields = AcceptLanguageParser.Parse(header);
        if (fields.Count == 0) return null;
        var reader = new MessagePackReader(fields.Bytes);
        Assert.Equal((1, (int)DetailField.Language), (fields.Count, reader.ReadInt32()));
        return reader.ReadString();
    }

    [GeneratedRegex("^[a-z][a-z0-9]{1,7}(-[A-Z0-9]{2,3})?$")]
    private static partial Regex Tag();
}
