using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using CsCheck;
using Footfall.Ingest.Events;

namespace Footfall.Tests.Ingest.Events;

public sealed class EventsSplitterTests
{
    private static readonly Gen<string> Blank = Gen.OneOf("", " ", "\t", "\r", " \r ");

    private static readonly Gen<string> Line =
        Gen.OneOf(Blank, Gen.OneOf("{}", "[", "x", "{\"a\":1}\r", "\0", "é", ",", "]"), Gen.String.Where(text => !text.Contains('\n')));

    private static readonly Gen<string> Space = Gen.OneOf("", "", " ", "\n", "\r\n\t");

    [Fact]
    public void Lines_are_those_between_line_feeds_and_blank_ones_are_counted_but_not_given() => Line.Array[1, 12].Sample(lines =>
    {
        var body = Encoding.UTF8.GetBytes(string.Join('\n', lines));
        var expected = new List<(int, string)>();
        // Half surrogates become what the encoding makes of them.
        var sent = Encoding.UTF8.GetString(body).Split('\n');
        for (var i = 0; i < sent.Length; i++)
            if (sent[i].Trim(' ', '\t', '\r').Length > 0) expected.Add((i, sent[i]));
        Assert.Equal(expected, Split(body, EventsFormat.Lines, out var broken));
        Assert.False(broken);
    });

    [Fact]
    public void Elements_are_those_of_the_array() => Gen.Select(JsonGenerators.Value, Space, Space).Array[0, 6].Sample(elements =>
    {
        var body = Encoding.UTF8.GetBytes(
            $"[{string.Join(',', elements.Select(element => element.Item2 + element.Item1 + element.Item3))}]");
        using var document = JsonDocument.Parse(body);
        var expected = document.RootElement.EnumerateArray().Select((element, index) => (index, element.GetRawText()));
        Assert.Equal(expected, Split(body, EventsFormat.Array, out var broken));
        Assert.False(broken);
    });

    [Fact]
    public void A_damaged_array_gives_the_hits_before_the_damage_and_reports_that_it_is_broken() =>
        Gen.Select(JsonGenerators.Value.Array[0, 5], Gen.Int[0, 200], Gen.Byte).Sample((elements, place, value) =>
    {
        var body = Encoding.UTF8.GetBytes($"[{string.Join(',', elements)}]");
        body[1 + place % (body.Length - 1)] = value;
        var split = Split(body, EventsFormat.Array, out var broken);
        // The hits themselves are checked for it.
        if (!Utf8.IsValid(body)) return;
        try
        {
            using var document = JsonDocument.Parse(body);
            Assert.Equal(document.RootElement.EnumerateArray().Select((element, index) => (index, element.GetRawText())), split);
            Assert.False(broken);
        }
        catch (JsonException)
        {
            Assert.True(broken);
            foreach (var (_, element) in split) JsonDocument.Parse(element).Dispose();
        }
    });

    [Fact]
    public void Bytes_of_any_kind_are_split_without_an_exception_or_an_endless_loop() =>
        Gen.Select(Gen.Byte.Array[0, 60], Gen.Enum<EventsFormat>()).Sample((body, form) =>
        Split(body, form, out _).Count <= body.Length + 1);

    [Fact]
    public void The_number_of_hits_is_known_beforehand() =>
        Gen.Select(Line.Array[1, 40], Gen.Int[1, 20], Gen.Bool).Sample((lines, limit, array) =>
    {
        var body = Encoding.UTF8.GetBytes(array ? $"[{string.Join(',', lines.Select(_ => "{},[0,0]"))}]" : string.Join('\n', lines));
        var form = array ? EventsFormat.Array : EventsFormat.Lines;
        return EventsSplitter.HasMoreThan(limit, body, form) == Split(body, form, out _).Count > limit;
    });

    [Theory]
    [InlineData("{}\n{}", true)]
    [InlineData("{}\r\n{}", true)]
    [InlineData("{}", false)]
    [InlineData("\n{}\n", false)]
    [InlineData("{\n  \"a\": {\n  }\n}", false)]
    public void A_text_without_a_type_is_lines_if_a_second_line_begins_an_object(string body, bool lines)
    {
        Assert.True(EventsSplitter.TryDetectFormat(null, Encoding.UTF8.GetBytes(body), out var form));
        Assert.Equal(lines ? EventsFormat.Lines : EventsFormat.Object, form);
    }

    private static List<(int Index, string Text)> Split(ReadOnlySpan<byte> body, EventsFormat form, out bool broken)
    {
        var hits = new EventsSplitter(body, form);
        var found = new List<(int, string)>();
        while (hits.MoveNext()) found.Add((hits.Index, Encoding.UTF8.GetString(hits.Current)));
        broken = hits.IsMalformed;
        return found;
    }
}
