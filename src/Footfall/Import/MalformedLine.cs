namespace Footfall.Import;

/// <param name="Line">The line's number, from 1.</param>
/// <param name="Error">What is wrong with it.</param>
internal sealed record MalformedLine(long Line, string Error);
