using System.Globalization;
using Footfall.Common;
using Footfall.Import;
using Spectre.Console;

namespace Footfall.Commands.Import;

/// <summary>
/// Shows the progress of an import and its lines per second: a bar on a terminal, otherwise a line every few seconds. Shorter imports show
/// nothing.
/// </summary>
internal sealed class ImportProgress : IProgress<RejectReason>, IAsyncDisposable
{
    private static readonly TimeSpan TerminalInterval = TimeSpan.FromMilliseconds(200), LineInterval = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _done = new();
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly string _name;
    private readonly Task _display;
    private volatile TrackedContent? _tracked;
    private volatile string? _waiting;

    /// <param name="name">What is imported.</param>
    public ImportProgress(string name, TextWriter errors)
    {
        _name = name;
        _display = ReferenceEquals(errors, Console.Error) && FindTerminal(errors) is { } terminal ? DrawAsync(terminal)
            : PrintAsync(errors);
    }

    /// <summary>Starts the progress of some content.</summary>
    /// <param name="doing">What is done with its lines.</param>
    public ImportFile.ImportStream Track(ImportFile.ImportStream content, string doing)
    {
        _tracked = new(content, doing, _time.GetTimestamp());
        return content;
    }

    /// <summary>Reports what the import waits for.</summary>
    public void Report(RejectReason value) => _waiting = value == RejectReason.None ? null : "waiting: the journal can't accept more "
        + "right now";

    /// <summary>Removes the bar.</summary>
    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync();
        await _display;
    }

    private static IAnsiConsole? FindTerminal(TextWriter errors)
    {
        if (Console.IsErrorRedirected) return null;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(errors) });
        return console.Profile.Capabilities.Ansi ? console : null;
    }

    private Task DrawAsync(IAnsiConsole terminal) => terminal.Progress()
        .AutoClear(true)
        .Columns(new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(),
            new TaskDescriptionColumn { Alignment = Justify.Left })
        .StartAsync(async context =>
        {
            var task = context.AddTask(_name);
            while (await WaitAsync(TerminalInterval))
            {
                if (_tracked is not { } tracked) continue;
                task.Value = tracked.Percent;
                task.Description = Markup.Escape(Describe(tracked));
            }
        });

    private async Task PrintAsync(TextWriter errors)
    {
        while (await WaitAsync(LineInterval))
            if (_tracked is { } tracked)
                await errors.WriteLineAsync($"{Describe(tracked)}, {tracked.Percent.ToString("0", CultureInfo.InvariantCulture)} %");
    }

    /// <returns>False when the import is done.</returns>
    private async Task<bool> WaitAsync(TimeSpan pause)
    {
        await Task.Delay(pause, _time, _done.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !_done.IsCancellationRequested;
    }

    private string Describe(TrackedContent tracked)
    {
        var lines = tracked.Content.Lines;
        var rate = lines / Math.Max(0.001, _time.GetElapsedTime(tracked.Start).TotalSeconds);
        return string.Create(CultureInfo.InvariantCulture,
            $"{_name}: {lines:N0} {tracked.Doing}, {rate:N0} a second{(_waiting is { } waiting ? $", {waiting}" : "")}");
    }

    private sealed record TrackedContent(ImportFile.ImportStream Content, string Doing, long Start)
    {
        public double Percent => 100.0 * Content.ReadOnDisk / Math.Max(1, Content.SizeOnDisk);
    }
}
