using CsCheck;
using Footfall.Common;
using Microsoft.AspNetCore.WebUtilities;

namespace Footfall.Tests.Common;

public sealed class QueryStringReaderTests
{
    private static readonly string[] Names = ["site", "countryCode"];

    private static readonly Gen<string> Words = Gen.OneOf(
        Gen.OneOf("site", "countryCode", "s", "", "us", "s%69te", "SITE", "a+b", "%", "%zz", "%C3%BC", "%FF", "site%00", "x=y"),
        Gen.Char['!', '~'].Where(c => c is not ('&' or '#')).Array[0, 6].Select(characters => new string(characters)));

    [Fact]
    public void It_finds_what_the_framework_finds() => Gen.Select(Words, Words, Gen.Bool).Array[0, 6].Sample(pairs =>
    {
        var query = string.Join('&', pairs.Select(pair => pair.Item3 ? $"{pair.Item1}={pair.Item2}" : pair.Item1));
        foreach (var name in Names)
        {
            var expected = new List<string>();
            foreach (var pair in new QueryStringEnumerable(query))
                if (pair.DecodeName().Span.SequenceEqual(name)) expected.Add(pair.DecodeValue().ToString());
            Assert.Equal(expected switch { [] => "", [var one] => one, _ => QueryStringReader.Repeated },
                QueryStringReader.GetValue(query, name).ToString());
            Assert.Equal(QueryStringReader.GetValue(query, name).ToString(), QueryStringReader.GetValue($"?{query}", name).ToString());
        }
    });

    [Fact]
    public void Text_of_any_kind_is_read_without_an_exception() =>
        Gen.String.Select(text => "site=" + text).Sample(query => QueryStringReader.GetValue(query, "site").Length <= query.Length);
}
