using Microsoft.Extensions.Options;

namespace Footfall.Words;

[OptionsValidator]
internal sealed partial class FootfallOptionsValidator : IValidateOptions<FootfallOptions>;
