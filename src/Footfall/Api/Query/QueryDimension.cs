using Footfall.Common;
using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>What a dimension is a property of.</summary>
internal enum DimensionScope
{
    Time,
    Visit,
    Event,
    Item,
    Bot,
}

/// <summary>A dimension of the query language.</summary>
/// <param name="Name">Such as <c>visit:country_name</c>.</param>
/// <param name="Stored">The dimension of the history; null for <c>time</c>, which becomes one of the others, and for dimensions that
/// Footfall does not have: regions and cities.</param>
/// <param name="EmptyLabel">The label of hits without a value, as in Plausible; in a filter it matches those hits.</param>
internal sealed record QueryDimension(string Name, Dimension? Stored, DimensionScope Scope, string EmptyLabel)
{
    public bool IsTime => Scope == DimensionScope.Time;

    public bool IsCountryName => Name == DimensionNames.CountryName;

    /// <summary>Whether it is always empty.</summary>
    public bool IsUnknown => Stored is null && !IsTime;

    public bool Is(DimensionKind kind) => Stored is { } stored && stored.Kind == kind;

    /// <summary>The label of a stored value.</summary>
    public string Format(string value)
    {
        if (IsCountryName) return value.Length == 2 ? CountryNames.GetDisplayName(Country.FromStored(value)) : EmptyLabel;
        return value.Length == 0 ? EmptyLabel : value;
    }
}
