using MaxMind.Db;

namespace Footfall.Enrich;

/// <summary>
/// A country file in MaxMind's format, memory-mapped: only the needed pages are ever read. Two layouts are supported: a flat
/// <c>country_code</c> (ip-location-db, IPinfo) and a nested <c>country.iso_code</c> (MaxMind, DB-IP).
/// </summary>
internal sealed class CountryDatabase : IDisposable
{
    /// <summary>How many networks are checked to detect the layout: some have only a continent.</summary>
    private const int MaxProbedNetworks = 1_000;

    private readonly Reader _reader;
    private readonly bool _nested;

    private CountryDatabase(Reader reader, bool nested)
    {
        (_reader, _nested) = (reader, nested);
        BuildDate = DateOnly.FromDateTime(reader.Metadata.BuildDate);
    }

    /// <summary>The build date of the file.</summary>
    public DateOnly BuildDate { get; }

    /// <exception cref="InvalidDataException">The file is missing, damaged, or has no countries: the message is a sentence without its full
    /// stop.</exception>
    public static CountryDatabase Open(string path)
    {
        if (!File.Exists(path)) throw new InvalidDataException($"the file {path} does not exist");
        Reader? reader = null;
        try
        {
            reader = new Reader(path, FileAccessMode.MemoryMapped);
            if (IsNested(reader) is { } nested) return new CountryDatabase(reader, nested);
        }
        // The library has no common exception for damage: a broken file causes a wrong index, a wrong cast or a wrong length.
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            reader?.Dispose();
            throw new InvalidDataException(
                $"the file {path} can't be read as a country file in MaxMind's format ({error.Message.TrimEnd('.')})", error);
        }
        var type = reader.Metadata.DatabaseType;
        reader.Dispose();
        throw new InvalidDataException($"the file {path} ({type}) has no countries: neither country_code nor country.iso_code");
    }

    /// <summary>
    /// Finds a network. The result costs two small objects: other languages and names of a record are skipped, not decoded.
    /// </summary>
    /// <param name="known">Whether the file has the network.</param>
    /// <returns>The file's code of two letters, or null. It never falls back to the country where the network is registered, which is often
    /// another one.</returns>
    /// <exception cref="InvalidDataException">The file is damaged there.</exception>
    public string? Find(System.Net.IPAddress address, out bool known)
    {
        known = false;
        // The reader would walk the first bits of an IPv6 address through a tree of IPv4 and find an unrelated country.
        if (_reader.Metadata.IPVersion == 4 && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6) return null;
        try
        {
            if (_nested)
            {
                var record = _reader.Find<NestedRecord>(address);
                known = record is not null;
                return record?.Country?.Code;
            }
            var flat = _reader.Find<FlatRecord>(address);
            known = flat is not null;
            return flat?.Code;
        }
        catch (Exception error) when (error is not (OutOfMemoryException or ObjectDisposedException))
        {
            throw new InvalidDataException("The country database is damaged.", error);
        }
    }

    public void Dispose() => _reader.Dispose();

    private static bool? IsNested(Reader reader)
    {
        foreach (var network in reader.FindAll<Dictionary<string, object>>(cacheSize: 1).Take(MaxProbedNetworks))
        {
            if (network.Data.GetValueOrDefault("country_code") is string) return false;
            if (network.Data.GetValueOrDefault("country") is Dictionary<string, object> country && country.ContainsKey("iso_code"))
                return true;
        }
        return null;
    }

    internal sealed class FlatRecord
    {
        [MapKey("country_code")]
        public string? Code { get; init; }
    }

    internal sealed class NestedRecord
    {
        [MapKey("country")]
        public NestedCountry? Country { get; init; }
    }

    internal sealed class NestedCountry
    {
        [MapKey("iso_code")]
        public string? Code { get; init; }
    }
}
