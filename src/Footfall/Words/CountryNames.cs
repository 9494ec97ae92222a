namespace Footfall.Words;

/// <summary>What countries are called in English.</summary>
internal static class CountryNames
{
    private static readonly string[] Shown = new string[Country.Count];
    private static readonly List<(string Name, Country Country)> Every = [];

    static CountryNames()
    {
        Array.Fill(Shown, "");
        foreach (var line in Embedded.Lines("country-names.txt"))
        {
            var country = Country.Stored(line.AsSpan(0, 2));
            var names = line[3..].Split('|');
            Shown[country.Index] = names[0];
            Every.AddRange(names.Select(name => (name, country)));
        }
        Every.Add(("", Country.Unknown));
    }

    /// <summary>All names, several for some countries; the empty text is that of <see cref="Country.Unknown"/>.</summary>
    public static IReadOnlyList<(string Name, Country Country)> All => Every;

    /// <summary>The name that is shown; empty for <see cref="Country.Unknown"/>.</summary>
    public static string Of(Country country) => Shown[country.Index];
}
