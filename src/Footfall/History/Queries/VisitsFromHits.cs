using Footfall.Common;
using Footfall.History.Schema;

namespace Footfall.History.Queries;

/// <summary>The query that builds whole visits from the hits of days.</summary>
internal static class VisitsFromHits
{
    /// <summary>The kinds of a visit's hits that are steps, as letters in chronological order.</summary>
    private const string Letters =
        "translate(array_to_string(list_transform(list_sort(list(moment * 8 + kind) FILTER (kind IN (1, 2, 3, 5, 6))), step -> (step % " +
        "8)::VARCHAR), ''), '12356', 'gvcbp') AS letters,";

    private static readonly string Template = EmbeddedResources.ReadSql("visits_of_days.sql");

    private static readonly string Complete = Template.Replace("{letters}", Letters, StringComparison.Ordinal)
        .Replace("{funnel}", FunnelExpression(), StringComparison.Ordinal)
        .Replace("{more}", "", StringComparison.Ordinal);

    private static readonly string WithoutFunnel = Template.Replace("{letters}", "", StringComparison.Ordinal)
        .Replace("{funnel}", "0", StringComparison.Ordinal);

    /// <summary>A SELECT with the columns of the table <c>visits</c> in their order.</summary>
    /// <param name="days">A condition on the columns <c>site</c> and <c>day</c>, such as <c>site = 1 AND day = DATE '2026-11-24'</c>; never
    /// user input.</param>
    public static string Select(string days) => Complete.Replace("{days}", days, StringComparison.Ordinal);

    /// <summary>The same without the column <c>funnel</c>, which takes longer than all others to compute and even to plan.</summary>
    /// <param name="more">Further columns, each after a comma.</param>
    /// <inheritdoc cref="Select"/>
    public static string SelectWithoutFunnel(string days, string more) =>
        WithoutFunnel.Replace("{days}", days, StringComparison.Ordinal).Replace("{more}", more, StringComparison.Ordinal);

    /// <summary>The bit of each set of steps that the letters contain. Most visits have only page views and need one check.</summary>
    private static string FunnelExpression()
    {
        var bits = Enumerable.Range(1, 31)
            .Select(set => $"(letters LIKE '{FunnelSteps.LikePattern(set)}')::INTEGER * {FunnelSteps.Bit(set)}");
        return $"CASE WHEN coalesce(letters, '') = '' THEN 0 WHEN letters = repeat('g', length(letters)) THEN " +
            $"{FunnelSteps.Bit(FunnelSteps.Page)} ELSE {string.Join(" + ", bits)} END";
    }
}
