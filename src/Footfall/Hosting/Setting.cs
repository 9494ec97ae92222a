using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Footfall.Common;

namespace Footfall.Hosting;

/// <summary>One setting of <see cref="FootfallOptions"/>: a property with a value.</summary>
/// <param name="Path">Below <c>Footfall</c>, with <c>*</c> for the index in a list: <c>RateLimit:PerMinute</c>,
/// <c>Sites:*:Domain</c>.</param>
/// <param name="Property">The property that it is bound to.</param>
/// <param name="Default">Its default value.</param>
internal sealed record Setting(string Path, PropertyInfo Property, object? Default)
{
    /// <summary>All settings, in the order of their properties.</summary>
    public static IReadOnlyList<Setting> All { get; } = [.. Enumerate(typeof(FootfallOptions), "")];

    /// <summary>The environment variable: <c>Footfall__RateLimit__PerMinute</c>.</summary>
    public string Name => ToEnvironmentName(Path);

    /// <summary>The allowed values, to follow "must be".</summary>
    public string Allowed => Property switch
    {
        { Name: nameof(FootfallOptions.DataDirectory) } => "a path",
        { Name: nameof(FootfallOptions.CountryDatabase) } => "the path of a .mmdb file",
        { Name: nameof(RedisOptions.Prefix) } => "1 to 40 letters, digits, dots, dashes and underscores",
        { Name: nameof(HistoryOptions.Rates) } => "the path of a CSV file",
        { Name: nameof(FootfallOptions.TrustedProxies) } => "addresses or networks in CIDR notation, separated by commas",
        { Name: nameof(FootfallOptions.AllowedOrigins) } => "* or origins such as https://shop.example, separated by commas",
        { Name: nameof(SiteOptions.Domain) } => "a domain of at most 253 characters, such as shop.example",
        { Name: nameof(SiteOptions.TimeZone) } => "an IANA time zone name, such as Europe/Berlin",
        { Name: nameof(SiteOptions.Currency) } => "an ISO 4217 code, such as EUR",
        { Name: nameof(SegmentOptions.Id) } => "a whole number from 1 to 999,999,999",
        { Name: nameof(SegmentOptions.Filters) } => "a list of filters in JSON, as in queries",
        { PropertyType.IsEnum: true } => $"one of {string.Join(", ", Enum.GetNames(Property.PropertyType))}",
        _ when Property.PropertyType == typeof(bool) => "true or false",
        _ when Property.GetCustomAttribute<RangeAttribute>() is { } range =>
            string.Create(CultureInfo.InvariantCulture, $"a whole number from {range.Minimum:N0} to {range.Maximum:N0}"),
        _ => "text that is not empty",
    };

    /// <summary>Whether a text is a valid value of this setting.</summary>
    public bool Allows(string text) => TryRead(text, out var value)
        && Property.GetCustomAttributes<ValidationAttribute>().All(rule => rule.IsValid(value))
        && Property.Name switch
        {
            nameof(FootfallOptions.AllowedOrigins) => CorsOptionsSetup.AreValidOrigins(text),
            nameof(SiteOptions.Domain) => SiteRegistry.NormalizeDomain(text) is not null,
            nameof(SiteOptions.TimeZone) => TimeZoneInfo.TryFindSystemTimeZoneById(text, out _),
            _ => true,
        };

    /// <summary>
    /// Finds the setting of a key, such as <c>Sites:0:Domain</c>, whatever its case. <c>Redis</c> alone is its connection.
    /// </summary>
    public static Setting? Find(string key)
    {
        if (key.Equals(nameof(FootfallOptions.Redis), StringComparison.OrdinalIgnoreCase)) key = $"{key}:{nameof(RedisOptions.Connection)}";
        return All.FirstOrDefault(setting => Matches(setting.Path.Split(':'), key.Split(':')));
    }

    public static string ToEnvironmentName(string path) =>
        $"{FootfallOptions.Section}__{path.Replace(":", "__", StringComparison.Ordinal)}";

    private static bool Matches(string[] pattern, string[] key) =>
        pattern.Length == key.Length && pattern.Zip(key)
            .All(pair => pair.First == "*" || pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));

    private bool TryRead(string text, out object? value)
    {
        value = text;
        if (Property.PropertyType == typeof(string)) return true;
        if (Property.PropertyType == typeof(bool)) return bool.TryParse(text, out var flag) && (value = flag) is not null;
        if (Property.PropertyType == typeof(int)) return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
            out var number) && (value = number) is not null;
        // Otherwise a number would be valid for any enum.
        return !int.TryParse(text, out _) && Enum.TryParse(Property.PropertyType, text, ignoreCase: true, out value);
    }

    private static IEnumerable<Setting> Enumerate(Type type, string prefix)
    {
        var defaults = Activator.CreateInstance(type);
        foreach (var property in type.GetProperties())
        {
            var path = prefix + property.Name;
            if (IsGroup(property.PropertyType)) foreach (var inner in Enumerate(property.PropertyType, $"{path}:")) yield return inner;
            else if (property.PropertyType.IsGenericType)
                foreach (var inner in Enumerate(property.PropertyType.GenericTypeArguments[0], $"{path}:*:")) yield return inner;
            else yield return new Setting(path, property, property.GetValue(defaults));
        }
    }

    private static bool IsGroup(Type type) => type.IsClass && type.Namespace == typeof(FootfallOptions).Namespace;
}
