namespace Footfall.History.Queries;

/// <summary>The values of a statement. What a user wrote stands here, and never in the text of the statement.</summary>
internal sealed class SqlParameters
{
    private readonly List<object> _values = [];

    public IReadOnlyList<object> Values => _values;

    /// <summary>Adds a value.</summary>
    /// <returns>Its place in the text of the statement: <c>$1</c>.</returns>
    public string Add(object value)
    {
        // The engine would read a text up to its first zero only: no stored text has one, as none has half a surrogate pair, which becomes
        // this too.
        if (value is string text && text.Contains('\0')) value = text.Replace('\0', '\ufffd');
        var known = _values.IndexOf(value);
        if (known < 0)
        {
            known = _values.Count;
            _values.Add(value);
        }
        return $"${known + 1}";
    }
}
