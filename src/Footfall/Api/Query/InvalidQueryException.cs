namespace Footfall.Api.Query;

/// <summary>The query can't be answered as it was sent; the message says exactly why, for a person.</summary>
internal sealed class InvalidQueryException(string message) : Exception(message)
{
    /// <summary>What the client sent, in quotes and cut to a length that a sentence can bear.</summary>
    public static string Quote(string sent) => $"'{(sent.Length <= 80 ? sent : string.Concat(sent.AsSpan(0, 79), "…"))}'";
}
