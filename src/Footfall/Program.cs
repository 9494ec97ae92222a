using Footfall.Api;
using Footfall.Commands;
using Footfall.Enrich;
using Footfall.History;
using Footfall.Hosting;
using Footfall.Hosting.Admin;
using Footfall.Import;
using Footfall.Ingest;
using Footfall.Journal;
using Footfall.Live;

return await ProgramRunner.RunAsync(() => CommandLineApp.IsCommand(args) ? CommandLineApp.RunAsync(args) : ServeAsync(args));

static Task<int> ServeAsync(string[] args)
{
    var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.AddHosting();
    builder.Services
        .AddIngest()
        .AddImport()
        .AddEnrich()
        .AddJournal()
        .AddLive()
        .AddHistory()
        .AddApi()
        .AddAdminSocket();

    var app = builder.Build();
    app.UseHosting();
    app.MapIngest();
    app.MapEnrich();
    app.MapLive();
    app.MapApi();
    app.MapHosting();

    return app.RunServerAsync();
}
