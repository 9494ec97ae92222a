using System.Data.Common;

namespace Footfall.History.Planning;

/// <summary>The numbers of the dimensions of a row, compared by their values.</summary>
internal readonly struct GroupKey(long[] values) : IEquatable<GroupKey>
{
    public long[] Values => values;

    /// <summary>The first columns of a row.</summary>
    public static GroupKey Read(DbDataReader row, int count)
    {
        var values = new long[count];
        for (var i = 0; i < count; i++) values[i] = row.GetInt64(i);
        return new GroupKey(values);
    }

    /// <summary>Some of the numbers.</summary>
    public GroupKey Only(IReadOnlyList<int> places)
    {
        var all = values;
        return new GroupKey([.. places.Select(place => all[place])]);
    }

    public bool Equals(GroupKey other) => values.AsSpan().SequenceEqual(other.Values);

    public override bool Equals(object? other) => other is GroupKey key && Equals(key);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var value in values) hash.Add(value);
        return hash.ToHashCode();
    }
}
