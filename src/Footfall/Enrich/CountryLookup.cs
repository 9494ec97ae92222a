using System.Net;
using Footfall.Common;
using Microsoft.Extensions.Options;

namespace Footfall.Enrich;

/// <summary>The country of an address, from the built-in file or that of the setting.</summary>
internal sealed class CountryLookup : IDisposable
{
    private readonly CountryDatabase? _file;
    private readonly ILogger<CountryLookup> _log;
    private int _unreadableLogged;

    /// <exception cref="StartupException">The file is missing or damaged.</exception>
    public CountryLookup(IOptions<FootfallOptions> options, ReferenceFiles files, ILogger<CountryLookup> log)
    {
        _log = log;
        var named = options.Value.CountryDatabase;
        if (!string.IsNullOrEmpty(named))
        {
            _file = Open(named);
            Description = $"{Path.GetFileName(named)} (Footfall:CountryDatabase)";
        }
        else if (files.Countries is { } builtIn)
        {
            _file = Open(builtIn);
            Description = $"{Path.GetFileName(builtIn)} (built-in)";
        }
        BuildDate = _file?.BuildDate ?? default;
    }

    /// <summary>The file's name and origin. Never its path, since it is shown to callers.</summary>
    public string Description { get; } = "none";

    /// <summary>The build date of the file; the first day of year 1 without a file.</summary>
    public DateOnly BuildDate { get; }

    /// <summary>Whether there is a file.</summary>
    public bool IsAvailable => _file is not null;

    /// <summary>
    /// Finds the country. Special-purpose addresses are not looked up in the file: see <see cref="SpecialPurposeNetworks"/>.
    /// </summary>
    /// <param name="address">IPv4 inside IPv6 is unwrapped.</param>
    public CountryResult Find(IPAddress address)
    {
        var bits = AddressBits.FromAddress(address);
        var translated = SpecialPurposeNetworks.UnwrapTranslated(bits);
        if (SpecialPurposeNetworks.GetReason(translated) is { } special) return new(Country.Unknown, special);
        if (_file is null) return new(Country.Unknown, CountryReason.NoDatabase);
        try
        {
            var code = _file.Find(translated == bits ? AddressBits.Unwrap(address) : AddressBits.ToAddress(translated), out var known);
            if (!known) return new(Country.Unknown, CountryReason.NotInDatabase);
            return Country.Parse(code, out var country) == RejectReason.None ? new(country, CountryReason.Found)
                : new(Country.Unknown, CountryReason.NoCountry);
        }
        catch (InvalidDataException error)
        {
            // Once: a damaged file would otherwise log an error per hit.
            if (Interlocked.Exchange(ref _unreadableLogged, 1) == 0) _log.CountryDatabaseUnreadable(error, Description);
            return new(Country.Unknown, CountryReason.DatabaseUnreadable);
        }
    }

    public void Dispose() => _file?.Dispose();

    private static CountryDatabase Open(string path)
    {
        try
        {
            return CountryDatabase.Open(path);
        }
        catch (InvalidDataException error)
        {
            throw new StartupException($"There is no country database to use: {error.Message}.", error);
        }
    }
}
