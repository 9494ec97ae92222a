namespace Footfall.Common;

/// <summary>The English names of countries.</summary>
internal static class CountryNames
{
    private static readonly string[] DisplayNames = new string[Country.Count];
    private static readonly List<(string Name, Country Country)> AllNames = [];

    static CountryNames()
    {
        Array.Fill(DisplayNames, "");
        foreach (var line in EmbeddedResources.ReadLines("country-names.txt"))
        {
            var country = Country.FromStored(line.AsSpan(0, 2));
            var names = line[3..].Split('|');
            DisplayNames[country.Index] = names[0];
            AllNames.AddRange(names.Select(name => (name, country)));
        }
        AllNames.Add(("", Country.Unknown));
    }

    /// <summary>All names, several for some countries; the empty text is that of <see cref="Country.Unknown"/>.</summary>
    public static IReadOnlyList<(string Name, Country Country)> All => AllNames;

    /// <summary>The name that is shown; empty for <see cref="Country.Unknown"/>.</summary>
    public static string GetDisplayName(Country country) => DisplayNames[country.Index];
}
