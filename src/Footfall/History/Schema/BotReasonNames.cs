using Footfall.Common;

namespace Footfall.History.Schema;

/// <summary>The texts of the numbers in the column <c>reason</c>.</summary>
internal static class BotReasonNames
{
    public static readonly string[] All =
        [.. Enum.GetNames<BotReason>().Select(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    public static string NameOf(long reason) => reason >= 0 && reason < All.Length ? All[reason] : "";
}
