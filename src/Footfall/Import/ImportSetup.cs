using Footfall.Import.AccessLog;
using Footfall.Import.Orders;

namespace Footfall.Import;

internal static class ImportSetup
{
    public static IServiceCollection AddImport(this IServiceCollection services) => services
        .AddSingleton<AccessLogImporter>()
        .AddSingleton<OrderImporter>()
        .AddSingleton<ImportEndpoint>();
}
