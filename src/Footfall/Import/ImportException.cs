namespace Footfall.Import;

/// <summary>An import that can't go on, with a sentence for a person.</summary>
internal sealed class ImportException(string message, Exception? inner = null) : Exception(message, inner);
