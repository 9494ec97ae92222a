namespace Footfall.Api.Query;

/// <summary>The query is invalid; the message explains exactly why.</summary>
internal sealed class InvalidQueryException(string message) : Exception(message)
{
    /// <summary>The client's input, quoted and truncated for use in a sentence.</summary>
    public static string Quote(string sent) => $"'{(sent.Length <= 80 ? sent : string.Concat(sent.AsSpan(0, 79), "…"))}'";
}
