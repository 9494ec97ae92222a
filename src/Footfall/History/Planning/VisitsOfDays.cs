using Footfall.History.Store;
using Footfall.Words;

namespace Footfall.History.Planning;

/// <summary>The query that makes whole visits of the hits of days.</summary>
internal static class VisitsOfDays
{
    private static readonly string Template = Embedded.Text("visits_of_days.sql").Replace("{funnel}", Funnels(), StringComparison.Ordinal);

    /// <summary>A SELECT with the columns of the table <c>visits</c> in their order.</summary>
    /// <param name="days">A condition over the columns <c>site</c> and <c>day</c>, such as <c>site = 1 AND day = DATE '2026-11-24'</c>; never a text of a user.</param>
    /// <param name="more">Further columns, each after a comma.</param>
    public static string Sql(string days, string more = "") =>
        Template.Replace("{days}", days, StringComparison.Ordinal).Replace("{more}", more, StringComparison.Ordinal);

    /// <summary>Each set of steps that the letters show, as its bit. Most visits are views of pages only, and need one look.</summary>
    private static string Funnels()
    {
        var bits = Enumerable.Range(1, 31).Select(set => $"(letters LIKE '{Funnel.Pattern(set)}')::INTEGER * {Funnel.Bit(set)}");
        return $"CASE WHEN coalesce(letters, '') = '' THEN 0 WHEN letters = repeat('g', length(letters)) THEN {Funnel.Bit(Funnel.Page)} ELSE {string.Join(" + ", bits)} END";
    }
}
