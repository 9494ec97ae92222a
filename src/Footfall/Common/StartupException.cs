namespace Footfall.Common;

/// <summary>The program can't start, for a reason that the operator can fix: the message is all that is shown.</summary>
internal sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
