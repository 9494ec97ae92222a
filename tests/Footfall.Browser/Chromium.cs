using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Footfall.Browser.Chromium))]

namespace Footfall.Browser;

/// <summary>
/// One Chromium for all tests: that of the system, so that none is downloaded. The one without windows, where it is there, takes half the
/// time. <c>FOOTFALL_CHROMIUM</c> names another one than Debian's.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>A step of a page that takes longer hangs; it is not a measure of speed.</summary>
    public const float Patience = 120_000;

    /// <summary>A person's: that of a headless Chromium is a bot's, whose hits are in no visit.</summary>
    public const string UserAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

    private static readonly string[] Installed = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("FOOTFALL_CHROMIUM") ?? Array.Find(Installed, File.Exists)
                ?? throw new FileNotFoundException(
                    "Install Debian's package chromium-headless-shell or chromium, or name another Chromium in FOOTFALL_CHROMIUM."),
            // A container gives root no sandbox, and shared memory of 64 MiB. The name by argument too: what outlives its page is sent
            // without that of the context.
            Args = ["--no-sandbox", "--disable-dev-shm-usage", $"--user-agent={UserAgent}"],
            Timeout = Patience,
        });
    }

    /// <summary>
    /// A person with a browser: storage, cache and network of its own; one who wants no motion, unless the options say otherwise, as a
    /// browser without a GPU draws it with all of a machine.
    /// </summary>
    public async Task<IBrowserContext> PersonAsync(BrowserNewContextOptions? options = null)
    {
        options ??= new();
        options.UserAgent ??= UserAgent;
        options.Locale ??= "en-GB";
        options.ReducedMotion ??= ReducedMotion.Reduce;
        var context = await _browser!.NewContextAsync(options);
        context.SetDefaultTimeout(Patience);
        context.SetDefaultNavigationTimeout(Patience);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
