namespace Footfall.Import;

/// <summary>An import that can't continue, with a message for a person.</summary>
internal sealed class ImportException(string message, Exception? inner = null) : Exception(message, inner);
