using Footfall.Common;
using Microsoft.Extensions.Options;

namespace Footfall.Enrich;

/// <summary>Checks the settings of this feature at startup: each failure is a sentence that names its setting.</summary>
internal sealed class EnrichOptionsValidator : IValidateOptions<FootfallOptions>
{
    public ValidateOptionsResult Validate(string? name, FootfallOptions options)
    {
        List<string> failures = [];
        foreach (var network in ClientAddressResolver.Split(options.TrustedProxies))
            Check(nameof(options.TrustedProxies), () => Cidr.Parse(network));
        if (!string.IsNullOrEmpty(options.CountryDatabase))
            Check(nameof(options.CountryDatabase), () => CountryDatabase.Open(options.CountryDatabase).Dispose());
        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;

        void Check(string setting, Action read)
        {
            try
            {
                read();
            }
            catch (Exception error) when (error is FormatException or InvalidDataException)
            {
                failures.Add($"The setting {FootfallOptions.Section}:{setting} is wrong: {error.Message}.");
            }
        }
    }
}
