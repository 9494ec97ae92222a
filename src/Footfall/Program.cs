using Footfall.Collect;
using Footfall.Enrich;
using Footfall.History;
using Footfall.Hosting;
using Footfall.Hosting.Control;
using Footfall.Journal;
using Footfall.Live;
using Footfall.Query;

return await Starting.GuardAsync(() => Commands.IsCommand(args) ? Commands.RunAsync(args) : ServeAsync(args));

static Task<int> ServeAsync(string[] args)
{
    var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.AddHosting();
    builder.Services
        .AddCollect()
        .AddEnrich()
        .AddJournal()
        .AddLive()
        .AddHistory()
        .AddQuery()
        .AddControl();

    var app = builder.Build();
    app.UseHosting();
    app.MapCollect();
    app.MapEnrich();
    app.MapLive();
    app.MapQuery();
    app.MapHosting();

    return app.RunFootfallAsync();
}
