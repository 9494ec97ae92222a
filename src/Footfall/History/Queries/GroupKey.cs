using System.Data.Common;

namespace Footfall.History.Queries;

/// <summary>The numbers of the dimensions of a row, compared by their values.</summary>
/// <remarks>Most queries have at most two dimensions but up to a hundred thousand rows, so a key needs no array.</remarks>
internal readonly struct GroupKey : IEquatable<GroupKey>
{
    private readonly long _first, _second;
    private readonly long[]? _others;

    private GroupKey(int count, Func<int, long> value)
    {
        if (count > 0) _first = value(0);
        if (count > 1) _second = value(1);
        if (count <= 2) return;
        _others = new long[count - 2];
        for (var i = 2; i < count; i++) _others[i - 2] = value(i);
    }

    /// <summary>The number of a dimension of the query.</summary>
    public long this[int dimension] => dimension switch { 0 => _first, 1 => _second, _ => _others![dimension - 2] };

    /// <summary>Reads the first columns of a row.</summary>
    public static GroupKey Read(DbDataReader row, int count) => new(count, row.GetInt64);

    /// <summary>Some of the numbers.</summary>
    public GroupKey Pick(IReadOnlyList<int> indexes)
    {
        var all = this;
        return new GroupKey(indexes.Count, i => all[indexes[i]]);
    }

    public bool Equals(GroupKey other) =>
        _first == other._first && _second == other._second && _others.AsSpan().SequenceEqual(other._others);

    public override bool Equals(object? other) => other is GroupKey key && Equals(key);

    public override int GetHashCode()
    {
        var hash = HashCode.Combine(_first, _second);
        foreach (var value in _others.AsSpan()) hash = HashCode.Combine(hash, value);
        return hash;
    }
}
