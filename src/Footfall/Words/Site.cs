using System.Text;

namespace Footfall.Words;

/// <summary>One shop. There is one object for each domain in a process, so that stations compare references and index arrays.</summary>
/// <param name="Index">The place of the site among all sites of this process, from 0 (<c>default</c>).</param>
/// <param name="Domain">Lower case, at most 253 characters, or <c>default</c>.</param>
/// <param name="TimeZone">Where the site's day begins.</param>
/// <param name="Currency">ISO 4217, upper case.</param>
internal sealed record Site(int Index, string Domain, TimeZoneInfo TimeZone, string Currency)
{
    /// <summary>The site of a request that names none.</summary>
    public const string Default = "default";

    public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(Domain);

    /// <summary>The site's local day at a moment, as days since 1970-01-01.</summary>
    /// <param name="milliseconds">Unix time in milliseconds.</param>
    public int DayOf(long milliseconds)
    {
        var utc = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return DayOf(milliseconds, (int)TimeZone.GetUtcOffset(utc).TotalMinutes);
    }

    /// <summary>The local day where the offset is known.</summary>
    /// <param name="offset">Minutes ahead of UTC.</param>
    public static int DayOf(long milliseconds, int offset) => (int)Math.Floor((milliseconds + offset * 60_000L) / 86_400_000.0);

    /// <summary>The first moment of a local day, in Unix milliseconds: of a day without midnight (the clock goes forward then) its first hour.</summary>
    /// <param name="day">Days since 1970-01-01.</param>
    public long StartOf(int day)
    {
        // No clock of the world is more than 14 hours ahead of UTC, or 12 behind.
        long early = (day * 24L - 15) * 3_600_000, late = (day * 24L + 15) * 3_600_000;
        while (late - early > 1)
        {
            var middle = (early + late) / 2;
            if (DayOf(middle) < day) early = middle;
            else late = middle;
        }
        return late;
    }

    public bool Equals(Site? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Index;
}
