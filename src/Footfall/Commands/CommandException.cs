namespace Footfall.Commands;

/// <summary>A command that can't go on, with a sentence for a person.</summary>
internal sealed class CommandException(string message, Exception? inner = null) : Exception(message, inner);
