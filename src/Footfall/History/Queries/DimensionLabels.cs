using System.Globalization;
using Footfall.Common;
using Footfall.History.Schema;

namespace Footfall.History.Queries;

/// <summary>Converts the numbers of dimensions to the labels of a result.</summary>
internal static class DimensionLabels
{
    /// <param name="text">The text, if the number refers to one.</param>
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
