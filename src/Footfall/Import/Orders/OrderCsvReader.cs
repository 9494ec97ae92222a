using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace Footfall.Import.Orders;

/// <summary>Reads CSV (RFC 4180) with line numbers.</summary>
internal sealed class OrderCsvReader : IDisposable
{
    /// <summary>The longest cell, in characters: a quote that never closes would take the whole file into one.</summary>
    private const int MaxCellLength = 100_000;

    private readonly CsvParser _parser;
    private readonly char _delimiter;
    private bool _badData;
    private long _line, _lastRow;

    /// <param name="content">After decompression. Not closed.</param>
    public OrderCsvReader(Stream content, OrderRequest request)
    {
        _delimiter = request.Delimiter;
        var encoding = request.Latin1 ? Encoding.Latin1 : new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var text = new StreamReader(content, encoding, detectEncodingFromByteOrderMarks: !request.Latin1, bufferSize: 1 << 16,
            leaveOpen: true);
        _parser = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = request.Delimiter.ToString(),
            HasHeaderRecord = false,
            IgnoreBlankLines = false,
            MaxFieldSize = MaxCellLength,
            BadDataFound = _ => _badData = true,
        });
    }

    /// <summary>The number of the first line of the record, from 1.</summary>
    public long LineNumber => _line;

    /// <summary>The cells.</summary>
    public string[] Cells { get; private set; } = [];

    /// <summary>
    /// The raw lines after the first of a record with a wrong quote, split at every delimiter: the quote may have joined other records
    /// to it.
    /// </summary>
    public IEnumerable<string[]> SwallowedLines => _badData && _lastRow > _line
        ? _parser.RawRecord.TrimEnd('\r', '\n').Split('\n').Skip(1).Select(line => line.Trim('\r', '"').Split(_delimiter)) : [];

    /// <summary>Whether the line has nothing in it.</summary>
    public bool IsBlank => Cells.All(string.IsNullOrWhiteSpace);

    /// <summary>The syntax error of the line; none for most lines.</summary>
    public OrderLineError Error =>
        _badData ? OrderLineError.Malformed : Cells.Any(cell => cell.Contains('\uFFFD')) ? OrderLineError.Encoding : OrderLineError.None;

    /// <summary>Reads the next line; its number is that of its first where quotes span several.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="ImportException">A quote never closes.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _badData = false;
        try
        {
            if (!await _parser.ReadAsync()) return false;
            Cells = _parser.Record ?? [];
        }
        catch (MaxFieldSizeException error)
        {
            throw UnclosedQuote(_lastRow + 1, error);
        }
        _line = _lastRow + 1;
        _lastRow = _parser.RawRow;
        if (FindUnclosedQuote(_parser.RawRecord) is { } index) throw UnclosedQuote(_line + _parser.RawRecord.AsSpan(0, index).Count('\n'));
        return true;
    }

    /// <summary>The index of the opening quote of a cell that never ends.</summary>
    private int? FindUnclosedQuote(string record)
    {
        int? open = null;
        var begins = true;
        for (var i = 0; i < record.Length; i++)
        {
            var letter = record[i];
            if (open is not null)
            {
                if (letter != '"') continue;
                if (i + 1 < record.Length && record[i + 1] == '"') i++;
                else open = null;
            }
            else if (letter == '"' && begins)
            {
                open = i;
            }
            begins = open is null && (letter == _delimiter || letter is '\r' or '\n');
        }
        return open;
    }

    private static ImportException UnclosedQuote(long line, Exception? error = null) => new(
        $"Line {line:N0} has a quote that is never closed, so nothing after it can be read. Orders before it may have been imported. Fix "
            + $"the line and run the same command again.", error);

    public void Dispose() => _parser.Dispose();
}
