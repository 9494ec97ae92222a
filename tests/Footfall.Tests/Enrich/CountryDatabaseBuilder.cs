using System.Buffers.Binary;
using System.Text;
using Footfall.Enrich;

namespace Footfall.Tests.Enrich;

/// <summary>Writes small country files in MaxMind's format (https://maxmind.github.io/MaxMind-DB/), with records of 24 bits.</summary>
internal sealed class CountryDatabaseBuilder(int ipVersion = 6)
{
    private const int Map = 7, Text = 2, UInt32 = 6, UInt16 = 5, UInt64 = 9, Array = 11;

    private readonly List<int?[]> _nodes = [[null, null]];
    private readonly MemoryStream _data = new();
    private readonly Dictionary<(int Node, int Side), int> _leaves = [];

    public CountryDatabaseBuilder Flat(string network, string code) =>
        Add(network, data => WriteMap(data, ("country_code", () => WriteText(data, code))));

    public CountryDatabaseBuilder Nested(string network, string? code, string? registered = null)
    {
        List<(string, Action)> fields = [("continent", () => WriteMap(_data, ("code", () => WriteText(_data, "EU"))))];
        if (code is not null) fields.Add(("country", () =>
            WriteMap(_data, ("geoname_id", () => WriteNumber(_data, UInt32, 7, 4)), ("iso_code", () => WriteText(_data, code)))));
        if (registered is not null)
            fields.Add(("registered_country", () => WriteMap(_data, ("iso_code", () => WriteText(_data, registered)))));
        return Add(network, data => WriteMap(data, [.. fields]));
    }

    public byte[] ToBytes()
    {
        using var file = new MemoryStream();
        Span<byte> record = stackalloc byte[4];
        for (var node = 0; node < _nodes.Count; node++)
        {
            for (var side = 0; side < 2; side++)
            {
                var value = _leaves.TryGetValue((node, side), out var offset) ? _nodes.Count + 16 + offset
                    : _nodes[node][side] ?? _nodes.Count;
                BinaryPrimitives.WriteInt32BigEndian(record, value);
                file.Write(record[1..]);
            }
        }
        file.Write(new byte[16]);
        file.Write(_data.ToArray());
        file.Write([0xab, 0xcd, 0xef, .. "MaxMind.com"u8]);
        WriteMap(file,
            ("binary_format_major_version", () => WriteNumber(file, UInt16, 2, 2)),
            ("binary_format_minor_version", () => WriteNumber(file, UInt16, 0, 2)),
            ("build_epoch", () => WriteNumber(file, UInt64, 1_767_225_600, 8)), ("database_type", () => WriteText(file, "Test-Country")),
            ("description", () => WriteMap(file)), ("ip_version", () => WriteNumber(file, UInt16, (ulong)ipVersion, 2)),
            ("languages", () => WriteControl(file, Array, 0)),
            ("node_count", () => WriteNumber(file, UInt32, (ulong)_nodes.Count, 4)),
            ("record_size", () => WriteNumber(file, UInt16, 24, 2)));
        return file.ToArray();
    }

    public string Save(string directory)
    {
        var path = Path.Combine(directory, $"{Guid.NewGuid():N}.mmdb");
        File.WriteAllBytes(path, ToBytes());
        return path;
    }

    private CountryDatabaseBuilder Add(string network, Action<MemoryStream> write)
    {
        var cidr = Cidr.Parse(network);
        var isIPv4 = AddressBits.IsIPv4(cidr.Prefix);
        // A tree of IPv6 holds IPv4 at ::/96; one of IPv4 has these 32 bits only.
        var bits = isIPv4 ? (uint)cidr.Prefix : cidr.Prefix;
        var first = isIPv4 && ipVersion == 4 ? 96 : 0;
        var (node, offset) = (0, (int)_data.Length);
        write(_data);
        for (var bit = first; bit < cidr.Length - 1; bit++)
        {
            var side = (int)(bits >> (127 - bit) & 1);
            if (_nodes[node][side] is not { } next)
            {
                _nodes.Add([null, null]);
                _nodes[node][side] = next = _nodes.Count - 1;
            }
            node = next;
        }
        _leaves[(node, (int)(bits >> (128 - cidr.Length) & 1))] = offset;
        return this;
    }

    private static void WriteMap(MemoryStream to, params (string Key, Action Value)[] fields)
    {
        WriteControl(to, Map, fields.Length);
        foreach (var (key, value) in fields)
        {
            WriteText(to, key);
            value();
        }
    }

    private static void WriteText(MemoryStream to, string text)
    {
        WriteControl(to, Text, text.Length);
        to.Write(Encoding.UTF8.GetBytes(text));
    }

    private static void WriteNumber(MemoryStream to, int type, ulong value, int length)
    {
        WriteControl(to, type, length);
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        to.Write(bytes[(8 - length)..]);
    }

    private static void WriteControl(MemoryStream to, int type, int size)
    {
        to.WriteByte((byte)((type < 8 ? type << 5 : 0) | Math.Min(size, 29)));
        if (type > 7) to.WriteByte((byte)(type - 7));
        if (size >= 29) to.WriteByte((byte)(size - 29));
    }
}
