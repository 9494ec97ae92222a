using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Footfall.Commands.Demo;

/// <summary>A product of the demo shop at <c>/demo</c>.</summary>
internal sealed record DemoProduct(string Id, string Slug, string Name, string Category, decimal Price);

/// <summary>Where visits come from.</summary>
/// <param name="Weight">The weight relative to other countries.</param>
/// <param name="Hours">Ahead of UTC, in winter.</param>
internal sealed record DemoCountry(string Code, int Weight, double Hours, string Language);

/// <summary>The data of the demo: the products of the shop, and the countries of its visitors.</summary>
internal static partial class DemoShop
{
    public static IReadOnlyList<DemoProduct> Products { get; } =
        JsonSerializer.Deserialize(Open("demo-products.json"), DemoJson.Default.IReadOnlyListDemoProduct)!;

    public static IReadOnlyList<DemoCountry> Countries { get; } = [.. ReadCountries()];

    private static IEnumerable<DemoCountry> ReadCountries()
    {
        using var lines = new StreamReader(Open("demo-countries.txt"));
        while (lines.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var parts = line.Split(' ');
            yield return new(parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture),
                double.Parse(parts[2], CultureInfo.InvariantCulture), parts[3]);
        }
    }

    private static Stream Open(string name) => Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;

    [JsonSerializable(typeof(IReadOnlyList<DemoProduct>))]
    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    private sealed partial class DemoJson : JsonSerializerContext;
}
