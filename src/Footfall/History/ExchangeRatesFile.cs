namespace Footfall.History;

/// <summary>The rates file of the operator, read again when it changes.</summary>
/// <param name="path">The file of <c>Footfall__History__Rates</c>; null or empty for none.</param>
internal sealed class ExchangeRatesFile(string? path, TimeProvider time, ILogger<ExchangeRatesFile> log)
{
    /// <summary>How often the file is checked for changes.</summary>
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);

    private readonly Lock _reading = new();
    private ExchangeRates _rates = ExchangeRates.Empty;
    private (DateTime Written, long Length)? _version;
    private long _checkedAt;

    /// <summary>The current rates. If the file can't be read, the last rates stay and the error is logged once.</summary>
    public ExchangeRates Current
    {
        get
        {
            if (string.IsNullOrEmpty(path)) return ExchangeRates.Empty;
            lock (_reading)
            {
                if (_checkedAt == 0 || time.GetElapsedTime(_checkedAt) >= CheckInterval) Read(path);
                return _rates;
            }
        }
    }

    /// <summary>Reads the file at startup.</summary>
    /// <exception cref="FormatException">The file is missing, or has an invalid line; the message says which, without a period.</exception>
    public static void Validate(string? path)
    {
        if (string.IsNullOrEmpty(path)) return;
        try
        {
            _ = ExchangeRates.Parse(File.ReadLines(path));
        }
        catch (FormatException error)
        {
            throw new FormatException($"in the file {path}, {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"the file {path} can't be read ({error.Message.TrimEnd('.')})", error);
        }
    }

    private void Read(string file)
    {
        _checkedAt = time.GetTimestamp();
        var information = new FileInfo(file);
        var version = information.Exists ? (information.LastWriteTimeUtc, information.Length) : default;
        if (version == _version) return;
        // Also set for an invalid file: its error is logged once, and it is read again after it changes.
        _version = version;
        try
        {
            _rates = ExchangeRates.Parse(File.ReadLines(file));
        }
        catch (Exception error) when (error is FormatException or IOException or UnauthorizedAccessException)
        {
            log.RatesUnreadable(file, error.Message);
        }
    }
}
