using Footfall.Collect;
using Footfall.Enrich;
using Footfall.Hosting;
using Footfall.Journal;
using Footfall.Live;
using Footfall.Query;

if (Commands.IsCommand(args)) return await Commands.RunAsync(args);

var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.AddHosting();
builder.Services
    .AddCollect()
    .AddEnrich()
    .AddJournal()
    .AddLive()
    .AddQuery();

var app = builder.Build();
app.UseHosting();
app.MapCollect();
app.MapEnrich();
app.MapLive();
app.MapQuery();
app.MapHosting();

return await app.RunFootfallAsync();
