using System.Text;

namespace Footfall.Common;

/// <summary>One shop. There is one object for each domain in a process, so that features can compare references and index arrays.</summary>
/// <param name="Index">The index of the site among all sites of this process, from 0 (<c>default</c>).</param>
/// <param name="Domain">Lower case, at most 253 characters, or <c>default</c>.</param>
/// <param name="TimeZone">Where the site's day begins.</param>
/// <param name="Currency">ISO 4217, upper case.</param>
internal sealed record Site(int Index, string Domain, TimeZoneInfo TimeZone, string Currency)
{
    /// <summary>The site of a request without one, if the settings name none.</summary>
    public const string Default = "default";

    public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(Domain);

    /// <summary>The site's local day at a moment, as days since 1970-01-01.</summary>
    /// <param name="milliseconds">Unix time in milliseconds.</param>
    public int DayOf(long milliseconds) => LocalDay.Of(milliseconds, TimeZone);

    /// <inheritdoc cref="LocalDay.StartOf"/>
    public long StartOf(int day) => LocalDay.StartOf(day, TimeZone);

    public bool Equals(Site? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Index;
}
