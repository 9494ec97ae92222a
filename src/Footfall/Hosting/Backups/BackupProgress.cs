using System.Globalization;

namespace Footfall.Hosting.Backups;

/// <summary>Tells how far a long copy is, every few seconds.</summary>
internal sealed class BackupProgress(TextWriter errors, TimeProvider time)
{
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(2);

    private long _last = time.GetTimestamp();

    public void Say(string sentence)
    {
        errors.WriteLine(sentence);
        _last = time.GetTimestamp();
    }

    /// <param name="doing">With a verb: <c>copying the history</c>.</param>
    public void Report(string doing, long bytes, long of)
    {
        if (time.GetElapsedTime(_last) < Seldom) return;
        Say(string.Create(CultureInfo.InvariantCulture, $"{doing}: {Size(bytes)} of {Size(of)}"));
    }

    public static string Size(long bytes) => bytes switch
    {
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0} KB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
    };
}
