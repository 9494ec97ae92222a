namespace Footfall.Words;

/// <summary>The program can't start, for a reason that the operator can mend: the message is all that is shown.</summary>
internal sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
