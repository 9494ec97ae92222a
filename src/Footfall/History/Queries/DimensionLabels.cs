using System.Globalization;
using Footfall.Common;
using Footfall.History.Schema;

namespace Footfall.History.Queries;

/// <summary>Writes the numbers of dimensions as an answer has them.</summary>
internal static class DimensionLabels
{
    /// <param name="text">The text of the number, where it is one of a text.</param>
    public static string Format(DimensionKind kind, long value, Func<string> text) => kind switch
    {
        DimensionKind.Minute => FormatTime(value * 60),
        DimensionKind.Hour => FormatTime(value * 3600),
        DimensionKind.Day or DimensionKind.Week or DimensionKind.Month => DaySet.Format((int)value),
        DimensionKind.Country or DimensionKind.CountryName => new Country((ushort)value).Code,
        DimensionKind.BotReason => BotReasonNames.NameOf(value),
        _ => text(),
    };

    private static string FormatTime(long seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
