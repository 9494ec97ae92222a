using System.Globalization;
using System.Text.RegularExpressions;
using Footfall.Common;
using Footfall.Ingest;
using Footfall.Tests.Enrich.Sources;
using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests.Ingest.Events;

/// <summary><c>docs/events.md</c> matches the program.</summary>
public sealed partial class EventsDocumentTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Root(), "docs", "events.md"));

    [Fact]
    public void The_limits_are_those_of_the_program()
    {
        var limits = LimitRow().Matches(Document).ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value);
        var text = CultureInfo.InvariantCulture;
        var value = string.Create(text, $"0 to {HitLimits.Value:N0}");
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["`id`"] = $"{HitLimits.Id} bytes, no spaces",
                ["`site`"] = "253 characters",
                ["`name`"] = $"{HitLimits.Name} characters",
                ["`url`"] = string.Create(text, $"{HitLimits.Url:N0} bytes"),
                ["`referrer`"] = string.Create(text, $"{HitLimits.Url:N0} bytes"),
                ["`timestamp`"] = $"{HitLimits.MaxAge.TotalHours} hours back, {HitLimits.ClockSkew.TotalSeconds} seconds ahead",
                ["`age`"] = string.Create(text, $"0 to {HitLimits.MaxAge.TotalMilliseconds:N0}"),
                ["`country`"] = "2 letters",
                ["`transaction_id`"] = $"{HitLimits.TransactionId} bytes",
                ["`value`"] = value,
                ["`currency`"] = "3 letters",
                ["`items`"] = $"{HitLimits.Items} items",
                ["`items.item_id`, `item_name`, `item_category`, `item_brand`, `item_variant`"] = $"{HitLimits.ItemField} bytes",
                ["`items.price`, `items.quantity`"] = value,
                ["`screen`"] = $"{HitLimits.Screen} bytes",
                ["`props`"] = $"{HitLimits.Props} props",
                ["name of a prop"] = $"{HitLimits.PropName} bytes",
                ["value of a prop"] = string.Create(text, $"{HitLimits.PropValue:N0} bytes"),
                ["the whole hit"] = string.Create(text, $"{HitLimits.HitBytes:N0} bytes"),
            },
            limits);
        Assert.Contains($"{HitLimits.DecimalPlaces} decimal places", Document);
        Assert.Contains(string.Create(text, $"{HitLimits.HitsPerRequest:N0} in one request"), Document);
        Assert.Contains($"{new FootfallOptions().MaxEventsBytes >> 20} MiB", Document);
        Assert.Contains(string.Create(text, $"there may be {SiteRegistry.MaxSites:N0}"), Document);
    }

    [Fact]
    public void Every_click_id_and_every_channel_is_named()
    {
        foreach (var line in EmbeddedResources.ReadLines("click-ids.txt")) Assert.Contains($"`{line.Split('\t')[0]}`", Document);
        foreach (var channel in ChannelGroupTests.All) Assert.Contains($"`{channel}`", Document);
    }

    [Fact]
    public void Every_code_is_one_of_the_program()
    {
        var codes = Enum.GetValues<RejectReason>().Select(reason => Rejections.Get(reason).Code);
        foreach (Match code in Code().Matches(Document)) Assert.Contains(code.Groups[1].Value, codes);
    }

    [Fact]
    public async Task The_examples_are_answered_as_they_say()
    {
        await using var app = FootfallApp.Start(new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 10, 0, 0, TimeSpan.Zero)));
        var blocks = Json().Matches(Document).Select(block => block.Groups[1].Value.Trim()).ToList();
        Assert.Equal(3, blocks.Count);
        var single = CurlBody().Match(Document).Groups[1].Value;
        var lines = CurlLines().Match(Document).Groups[1].Value;
        Assert.Equal(blocks[0], (await app.PostEventsAsync(single)).Text);
        (await app.PostEventsAsync(blocks[1])).AssertBatch(accepted: 1);
        Assert.Equal(blocks[2], (await app.PostEventsAsync(lines, PostExtensions.NdJson)).Text);
    }

    private static string Root()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Footfall.slnx"))) directory = Path.GetDirectoryName(directory)!;
        return directory;
    }

    [GeneratedRegex(@"^\| (.+?) \| (?:text|domain|url|time|number|array|object) \| (.+?) \|", RegexOptions.Multiline)]
    private static partial Regex LimitRow();

    [GeneratedRegex("`([A-Z]+(?:_[A-Z]+)+)`")]
    private static partial Regex Code();

    [GeneratedRegex("```json\n(.+?)```", RegexOptions.Singleline)]
    private static partial Regex Json();

    [GeneratedRegex("-d '(.+?)'")]
    private static partial Regex CurlBody();

    [GeneratedRegex("<<'HITS'\n(.+?)HITS", RegexOptions.Singleline)]
    private static partial Regex CurlLines();
}
