using System.Text;
using CsCheck;
using Footfall.Common;

namespace Footfall.Tests.Common;

public sealed class CodePointComparerTests
{
    [Fact]
    public void Texts_are_in_the_order_of_their_bytes()
    {
        string[] letters = ["a", "b", "é", "\ud7ff", "\ue000", "！", "\uffff", "😀", "\U0010ffff"];
        var texts = Gen.Int[0, letters.Length - 1].Array[0, 4].Select(places => string.Concat(places.Select(place => letters[place])));
        Gen.Select(texts, texts).Sample((x, y) =>
            Math.Sign(CodePointComparer.Compare(x, y))
                == Math.Sign(Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y))));
    }
}
