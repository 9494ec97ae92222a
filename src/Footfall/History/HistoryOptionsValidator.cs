using Footfall.Common;
using Microsoft.Extensions.Options;

namespace Footfall.History;

/// <summary>Checks at startup the files that the history settings name. Each failure is a sentence that names its setting.</summary>
internal sealed class HistoryOptionsValidator : IValidateOptions<FootfallOptions>
{
    public ValidateOptionsResult Validate(string? name, FootfallOptions options)
    {
        try
        {
            ExchangeRatesFile.Validate(options.History.Rates);
            return ValidateOptionsResult.Success;
        }
        catch (FormatException error)
        {
            return ValidateOptionsResult.Fail($"The setting {FootfallOptions.Section}:History:Rates is wrong: {error.Message}.");
        }
    }
}
