using System.Globalization;

namespace Footfall.Commands.Backup;

/// <summary>Reports the progress of a long copy every few seconds.</summary>
internal sealed class BackupProgress(TextWriter errors, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private long _last = time.GetTimestamp();

    public void WriteLine(string sentence)
    {
        errors.WriteLine(sentence);
        _last = time.GetTimestamp();
    }

    /// <param name="action">With a verb: <c>copying the history</c>.</param>
    public void Report(string action, long bytes, long total)
    {
        if (time.GetElapsedTime(_last) < Interval) return;
        WriteLine(string.Create(CultureInfo.InvariantCulture, $"{action}: {FormatSize(bytes)} of {FormatSize(total)}"));
    }

    public static string FormatSize(long bytes) => bytes switch
    {
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0} KB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
    };
}
