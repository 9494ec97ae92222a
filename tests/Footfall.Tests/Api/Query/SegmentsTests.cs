using Footfall.Api.Query;
using Footfall.Common;
using Microsoft.Extensions.Options;

namespace Footfall.Tests.Api.Query;

/// <summary>Filters that the settings keep.</summary>
public sealed class SegmentsTests
{
    [Theory]
    [InlineData("""[["is","segment",[2,3]]]""", "((Source is a and Os is Mac) or Device is Mobile)")]
    [InlineData("""[["not",["is","segment",[3]]],["is","visit:os",["iOS"]]]""", "(not(Device is Mobile) and Os is iOS)")]
    [InlineData("""[["is","event:page",["segment"]]]""", "Page is segment")]
    public async Task A_segment_is_replaced_by_its_filters(string filters, string expected)
    {
        await using var app = QueryApp.Start(settings:
        [
            ("Segments:0:Id", "2"), ("Segments:0:Filters", """[["is","visit:source",["a"]],["is","visit:os",["Mac"]]]"""),
            ("Segments:1:Id", "3"), ("Segments:1:Filters", """[["is","visit:device",["Mobile"]]]"""),
        ]);
        await app.QueryWithAsync($"\"filters\":{filters}");
        Assert.Equal(expected, FilterFormatter.Format(app.History.LastQuery.Filter));
        Assert.Equal("The segment '7' of a filter is unknown: the setting Footfall:Segments has 2, 3.",
            await app.RejectedAsync(QueryApp.BuildQuery("\"filters\":[[\"is\",\"segment\",[7]]]")));
        Assert.Equal("A query may use at most 10 segments.",
            await app.RejectedAsync(
                QueryApp.BuildQuery($"\"filters\":[[\"is\",\"segment\",[{string.Join(',', Enumerable.Repeat("2", 11))}]]]")));
    }

    [Theory]
    [InlineData("2", "[", "The Filters of the segment 2 of the setting Footfall:Segments can't be read.")]
    [InlineData("2", "[]", "The Filters of the segment 2 of the setting Footfall:Segments are empty.")]
    [InlineData("2", """[["is","visit:planet",["Mars"]]]""", "The dimension 'visit:planet' of a filter is unknown")]
    [InlineData("2", """[["is","segment",[2]]]""", "The dimension segment takes")]
    [InlineData("", """[["is","visit:os",["Mac"]]]""", "has no Id")]
    public void One_that_can_not_be_read_stops_the_start(string id, string filters, string sentence)
    {
        var options = Options.Create(new FootfallOptions { Segments = [new SegmentOptions { Id = id, Filters = filters }] });
        Assert.Contains(sentence, Assert.Throws<StartupException>(() => new Segments(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_of_one_number_stop_the_start()
    {
        var one = new SegmentOptions { Id = "2", Filters = """[["is","visit:os",["Mac"]]]""" };
        Assert.Contains("two segments", Assert.Throws<StartupException>(() =>
            new Segments(Options.Create(new FootfallOptions { Segments = [one, one] }))).Message, StringComparison.Ordinal);
    }
}
