using System.Globalization;
using Footfall.Words;

namespace Footfall.History.Planning;

/// <summary>Writes the numbers of dimensions as an answer has them.</summary>
internal static class Labels
{
    /// <param name="text">The text of the number, where it is one of a text.</param>
    public static string Of(DimensionKind kind, long value, Func<string> text) => kind switch
    {
        DimensionKind.Minute => Moment(value * 60),
        DimensionKind.Hour => Moment(value * 3600),
        DimensionKind.Day or DimensionKind.Week or DimensionKind.Month => DaySet.Text((int)value),
        DimensionKind.Country or DimensionKind.CountryName => new Country((ushort)value).Code,
        DimensionKind.BotReason => BotReasons.Name(value),
        _ => text(),
    };

    private static string Moment(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
