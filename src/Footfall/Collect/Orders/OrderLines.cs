using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Footfall.Collect.AccessLog;

namespace Footfall.Collect.Orders;

/// <summary>Reads CSV as RFC 4180 has it, and knows the number of each line.</summary>
internal sealed class OrderLines : IDisposable
{
    /// <summary>The longest cell, in characters: a quote that never closes would take the whole file into one.</summary>
    private const int LongestCell = 100_000;

    private readonly CsvParser _parser;
    private bool _bad;
    private long _line, _end;

    /// <param name="content">After decompression. Not closed.</param>
    public OrderLines(Stream content, OrderRequest request)
    {
        var encoding = request.Latin1 ? Encoding.Latin1 : new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var text = new StreamReader(content, encoding, detectEncodingFromByteOrderMarks: !request.Latin1, bufferSize: 1 << 16, leaveOpen: true);
        _parser = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = request.Delimiter.ToString(),
            HasHeaderRecord = false,
            IgnoreBlankLines = false,
            MaxFieldSize = LongestCell,
            BadDataFound = _ => _bad = true,
        });
    }

    /// <summary>The number of the first line of the record, from 1.</summary>
    public long Number => _line;

    /// <summary>The cells.</summary>
    public string[] Cells { get; private set; } = [];

    /// <summary>Whether the line has nothing in it.</summary>
    public bool IsBlank => Cells.All(string.IsNullOrWhiteSpace);

    /// <summary>What is wrong with the line as a line of text; none for most.</summary>
    public OrderLineError Error => _bad ? OrderLineError.Malformed : Cells.Any(cell => cell.Contains('\uFFFD')) ? OrderLineError.Encoding : OrderLineError.None;

    /// <summary>Reads the next line; its number is that of its first where quotes span several.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="ImportException">A quote never closes.</exception>
    public async ValueTask<bool> NextAsync(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        _bad = false;
        try
        {
            if (!await _parser.ReadAsync()) return false;
            Cells = _parser.Record ?? [];
        }
        catch (MaxFieldSizeException error)
        {
            throw new ImportException($"Line {_end + 1:N0} has a quote that does not close: what comes before it was imported. Mend the line, and run the same command again.", error);
        }
        _line = _end + 1;
        _end = _parser.RawRow;
        return true;
    }

    public void Dispose() => _parser.Dispose();
}
