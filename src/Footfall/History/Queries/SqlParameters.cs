namespace Footfall.History.Queries;

/// <summary>The parameter values of a statement. User input goes here, never into the SQL text.</summary>
internal sealed class SqlParameters
{
    private readonly List<object> _values = [];

    public IReadOnlyList<object> Values => _values;

    /// <summary>Adds a value.</summary>
    /// <returns>Its placeholder in the SQL text: <c>$1</c>.</returns>
    public string Add(object value)
    {
        // The engine would read a text only up to its first NUL. No stored text contains one, nor a lone surrogate, which becomes this too.
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
