namespace Footfall.History.Planning;

/// <summary>The texts of the numbers in the column <c>reason</c>.</summary>
internal static class BotReasons
{
    public static readonly string[] Names = [.. Enum.GetNames<Words.BotReason>().Select(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    public static string Name(long reason) => reason >= 0 && reason < Names.Length ? Names[reason] : "";
}
